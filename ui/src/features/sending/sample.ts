/** The message that a test begins with: what the endpoint's sender would send. Pure. */
import type { NameAndValue } from "@/api";
import { methodOf, takesBody } from "@/features/endpoints/credentials";
import { prettyBody, withId, type Provider } from "@/features/endpoints/providers";
import type { Sample } from "@/features/flows/try/samples";
import { headerLines } from "./headerLines";
import { MASK, toSend, type Message } from "./message";

/** The endpoint that a test is for. */
export interface Target {
  flow: string;
  endpoint: string;
  methods: string[];
  path: string;
  provider: Provider;
}

export function sampleFor(target: Target, { sample }: Provider): Message {
  const method = methodOf(target.methods);
  const hasBody = takesBody(method);
  const headers = sample.headers.filter(({ name }) => hasBody || !isOfBody(name));
  return {
    flow: target.flow,
    endpoint: target.endpoint,
    method,
    path: target.path,
    headers: headerLines(headers),
    body: hasBody ? prettyBody(sample.body) : "",
    sign: true,
  };
}

/** The message that is kept as the test of the flow. */
export function ofKept(target: Target, kept: Sample): Message {
  const query = new URLSearchParams(kept.query.map(({ name, value }) => [name, value])).toString();
  return {
    flow: target.flow,
    endpoint: target.endpoint,
    method: kept.method,
    path: (kept.path ?? target.path) + (query && `?${query}`),
    headers: headerLines(kept.headers),
    body: kept.body,
    sign: true,
  };
}

/** What is kept of a message: no credential, and a path only where the endpoint has one of its own. */
export function toKeep(message: Message, requestId: string | null): Sample {
  const { path, query, headers } = toSend(message);
  const isOpen = ({ value }: NameAndValue) => !value.includes(MASK);
  return {
    endpoint: message.endpoint,
    method: message.method,
    ...(path?.startsWith("/in/") ? { path } : {}),
    headers: (headers ?? []).filter(isOpen),
    query: (query ?? []).filter(isOpen),
    body: message.body,
    request_id: requestId,
  };
}

/** As it is sent: with an id of its own, or it would be a repeat of the one before. */
export function withNewId(message: Message, id: string): Message {
  return { ...message, headers: withId(message.headers, id), body: withId(message.body, id) };
}

const isOfBody = (name: string) => name.toLowerCase() === "content-type";
