/** A cURL command that sends a first request to an endpoint. Pure. */
import { curlCommand } from "@/design/curl";

interface SnippetEndpoint {
  url: string;
  methods: string[];
}

const SAMPLE_BODY = '{"hello": "world"}';

/** The URL comes from the API as it may be shown: with `YOUR_KEY` in place of a key. */
export function endpointCurl({ url, methods }: SnippetEndpoint): string {
  const method = methods.includes("POST") ? "POST" : (methods[0] ?? "POST");
  const hasBody = ["POST", "PUT", "PATCH"].includes(method);
  return curlCommand({
    method,
    url,
    headers: hasBody ? [{ name: "Content-Type", value: "application/json" }] : [],
    body: hasBody ? SAMPLE_BODY : null,
  });
}
