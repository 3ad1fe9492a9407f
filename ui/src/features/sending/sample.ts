/** The message that a test begins with: what the endpoint's sender would send. Pure. */
import { methodOf, takesBody } from "@/features/endpoints/credentials";
import { prettyBody, withId, type Provider } from "@/features/endpoints/providers";
import { headerLines } from "./headerLines";
import type { Message } from "./message";

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

/** As it is sent: with an id of its own, or it would be a repeat of the one before. */
export function withNewId(message: Message, id: string): Message {
  return { ...message, headers: withId(message.headers, id), body: withId(message.body, id) };
}

const isOfBody = (name: string) => name.toLowerCase() === "content-type";
