/** A message that is kept as a flow's test, and the message that is edited. Pure. */
import type { Sample } from "@/features/flows/try/samples";
import { headerLines, headersIn } from "./headerLines";
import { queryPairs, type Message } from "./message";
import type { Target } from "./sample";

export function messageOfKept(kept: Sample, target: Target): Message {
  const query = new URLSearchParams(kept.query.map(({ name, value }) => [name, value])).toString();
  return {
    flow: target.flow,
    endpoint: target.endpoint,
    method: kept.method,
    path: (kept.path ?? target.path) + (query === "" ? "" : `?${query}`),
    headers: headerLines(kept.headers),
    body: kept.body,
    sign: true,
  };
}

/** The endpoint's own path need not be kept: it may change. */
export function keptOf(message: Message, target: Target, requestId: string | null): Sample {
  const [path = "", ...query] = message.path.split("?");
  return {
    endpoint: target.endpoint,
    method: message.method,
    ...(path === "" || path === target.path ? {} : { path }),
    headers: headersIn(message.headers),
    query: queryPairs(query.join("?")),
    body: message.body,
    request_id: requestId,
  };
}
