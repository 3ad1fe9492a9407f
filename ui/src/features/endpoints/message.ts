/** A first message to an endpoint, as snippets and documentation write it. Pure. */
import { isFields, type Fields } from "@/features/flows/document";
import { credentialsOf, methodOf, takesBody } from "./credentials";
import { withoutKey } from "./endpointUrls";
import { prettyBody } from "./messages";
import { providerOf } from "./providers";
import type { Message } from "./snippets";

export function messageTo(endpoint: Fields, url: string): Message {
  const auth = isFields(endpoint.auth) ? endpoint.auth : {};
  const method = methodOf(endpoint.methods);
  const { sample } = providerOf(auth);
  return {
    url: withoutKey(url),
    method,
    headers: takesBody(method) ? sample.headers : sample.headers.filter(isNoBodyHeader),
    body: takesBody(method) ? prettyBody(sample.body) : "",
    credentials: credentialsOf(auth),
  };
}

const isNoBodyHeader = ({ name }: { name: string }) => name.toLowerCase() !== "content-type";
