/** A request as a person edits it, and what of it is sent. Pure. */
import type { NameAndValue, RequestDetail, RequestToSend } from "@/api";
import { headerLines, headersIn } from "./headerLines";

export interface Message {
  flow: string;
  endpoint: string;
  method: string;
  /** With its query. */
  path: string;
  /** `Name: value`, one a line. */
  headers: string;
  body: string;
  sign: boolean;
}

/** What the sending makes by itself. */
const OF_THE_WIRE = [
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "accept-encoding",
];
/** With these it would be a repeat of the first, and start nothing. */
const OF_A_REPEAT = ["idempotency-key", "webhook-id", "x-github-delivery"];

/** Whether a header belongs to one message alone, and not to another one that is like it. */
export const isOfOneMessage = (name: string): boolean =>
  [...OF_THE_WIRE, ...OF_A_REPEAT].includes(name.toLowerCase());

export function messageOf(request: RequestDetail, body: string): Message {
  const { flow, endpoint, method, path, headers } = request;
  return {
    flow,
    endpoint,
    method,
    path,
    headers: headerLines(headers.filter(({ name }) => !isOfOneMessage(name))),
    body,
    sign: true,
  };
}

/** The headers of a repeat that a message was made without. */
export function leftOut({ headers }: Pick<RequestDetail, "headers">): string[] {
  return headers.map(({ name }) => name).filter((name) => OF_A_REPEAT.includes(name.toLowerCase()));
}

export interface Origin {
  /** The stored request that the message was made of: masked values are put in again from it. */
  requestId: string;
  /** Its body goes out byte for byte: nobody changed what is shown of it. */
  keepsBody: boolean;
}

/** What is not said is taken from the origin: so what somebody emptied has to be said. */
export function toSend(message: Message, origin?: Origin): RequestToSend {
  const [path = "", query = ""] = splitOnce(message.path, "?");
  const hasBody = origin ? !origin.keepsBody : message.body !== "";
  return {
    flow: message.flow,
    endpoint: message.endpoint,
    method: message.method,
    headers: headersIn(message.headers),
    sign: message.sign,
    ...(origin ? { request_id: origin.requestId } : {}),
    ...(path === "" ? {} : { path }),
    ...(query === "" && !origin ? {} : { query: queryPairs(query) }),
    ...(hasBody ? { body: message.body } : {}),
  };
}

export function queryPairs(query: string): NameAndValue[] {
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

function splitOnce(text: string, sign: string): string[] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + sign.length)];
}
