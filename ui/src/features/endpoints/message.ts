/** A first message to an endpoint, as snippets and documentation write it. Pure. */
import { isFields, type Fields } from "@/features/flows/document";
import { credentialsOf, methodOf, takesBody } from "./credentials";
import { withoutKey } from "./endpointUrls";
import { prettyBody, providerOf, withId } from "./providers";
import type { Message } from "./snippets";

/** A program that is run twice sends the same message twice: the reader puts an own id here. */
const SAMPLE_ID = "sample-1";

export function messageTo(endpoint: Fields, url: string): Message {
  const auth = isFields(endpoint.auth) ? endpoint.auth : {};
  const method = methodOf(endpoint.methods);
  const { sample } = providerOf(auth);
  const headers = sample.headers.map(({ name, value }) => ({
    name,
    value: withId(value, SAMPLE_ID),
  }));
  return {
    url: withoutKey(url),
    method,
    headers: headers.filter((each) => takesBody(method) || isNoBodyHeader(each)),
    body: takesBody(method) ? withId(prettyBody(sample.body), SAMPLE_ID) : "",
    credentials: credentialsOf(auth),
  };
}

const isNoBodyHeader = ({ name }: { name: string }) => name.toLowerCase() !== "content-type";
