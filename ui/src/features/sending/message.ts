/** A request as a person edits it, and what of it is sent. Pure. */
import type { NameAndValue, RequestDetail, RequestToSend } from "@/api";

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
export const OF_A_REPEAT = ["idempotency-key", "webhook-id", "x-github-delivery"];

/** Whether a header belongs to one message alone, and not to another one that is like it. */
export const isOfOneMessage = (name: string): boolean =>
  [...OF_THE_WIRE, ...OF_A_REPEAT].includes(name.toLowerCase());

export function messageOf(request: RequestDetail, body: string): Message {
  const { flow, endpoint, method, path, headers } = request;
  const kept = headers.filter(({ name }) => !isOfOneMessage(name));
  return {
    flow,
    endpoint,
    method,
    path,
    headers: kept.map(({ name, value }) => `${name}: ${value}`).join("\n"),
    body,
    sign: true,
  };
}

/** The headers of a repeat that a message was made without. */
export function leftOut({ headers }: Pick<RequestDetail, "headers">): string[] {
  return headers.map(({ name }) => name).filter((name) => OF_A_REPEAT.includes(name.toLowerCase()));
}

/** The first line that is no header, from 1; null if all are. */
export function badHeaderLine(headers: string): number | null {
  const lines = headers.split("\n");
  const at = lines.findIndex(
    (line) => line.trim() !== "" && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*:/.test(line),
  );
  return at < 0 ? null : at + 1;
}

interface From {
  requestId?: string | undefined;
  /** A body that is no text is sent as it was. */
  base64?: string | null | undefined;
}

export function toSend(message: Message, { requestId, base64 }: From = {}): RequestToSend {
  const [path = "", query = ""] = splitOnce(message.path, "?");
  const hasBody = message.body !== "" || typeof base64 === "string";
  return {
    flow: message.flow,
    endpoint: message.endpoint,
    method: message.method,
    headers: headerPairs(message.headers),
    sign: message.sign,
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(path === "" ? {} : { path }),
    ...(query === "" ? {} : { query: queryPairs(query) }),
    ...(!hasBody
      ? {}
      : typeof base64 === "string"
        ? { body_base64: base64 }
        : { body: message.body }),
  };
}

export function headerPairs(headers: string): NameAndValue[] {
  return headers
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => {
      const [name = "", value = ""] = splitOnce(line, ":").map((part) => part.trim());
      return { name, value };
    });
}

export function queryPairs(query: string): NameAndValue[] {
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

function splitOnce(text: string, sign: string): string[] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + sign.length)];
}
