/** A request as a cURL command for a POSIX shell. */
export interface CurlRequest {
  method: string;
  url: string;
  headers: { name: string; value: string }[];
  body?: string | null | undefined;
}

/** cURL makes these by itself, and wrong ones would break the request. */
const LEFT_OUT = new Set(["content-length", "host", "connection", "transfer-encoding"]);

export function curlCommand({ method, url, headers, body }: CurlRequest): string {
  const parts = [`curl -X ${method} ${quote(url)}`];
  for (const { name, value } of headers) {
    if (LEFT_OUT.has(name.toLowerCase())) continue;
    // `Name:` would take the header out; a semicolon sends it empty.
    parts.push(`-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`);
  }
  if (body) parts.push(`--data-raw ${quote(body)}`);
  return parts.join(" \\\n  ");
}

/** Single quotes keep every character as it is; a single quote itself is put between two strings. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
