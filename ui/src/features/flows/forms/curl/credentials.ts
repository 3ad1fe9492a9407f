/** Finds keys and passwords in a pasted request, and puts names of secrets in their place. */
import type { CurlRequest } from "./request";

export interface Credential {
  id: string;
  place: "header" | "query";
  /** Of the header or of the query's name. */
  name: string;
  /** What is secret: without the word before it, such as `Bearer`. */
  value: string;
  /** A name for the secret. */
  suggestion: string;
}

const SCHEME = /^(Bearer|Basic|Token|ApiKey|Bot)\s+/i;
const SECRET_HEADER =
  /^(?:authorization|cookie|x-.*(?:key|token|secret|password|auth)|.*(?:api-?key|access-?token|auth-?token|private-?token|secret))$/i;
const SECRET_QUERY =
  /^(?:key|token|secret|password|passwd|sig|signature|auth|code|.*(?:api[-_]?key|token|secret|password))$/i;

export function credentialsIn(request: CurlRequest): Credential[] {
  const host = hostWord(request.url);
  const found: Credential[] = [];
  for (const [name, text] of request.headers) {
    if (!SECRET_HEADER.test(name) || text.includes("{{")) continue;
    const value = text.replace(SCHEME, "");
    if (value === "") continue;
    found.push({
      id: `header ${name}`,
      place: "header",
      name,
      value,
      suggestion: secretName(`${host}_${headerWord(name)}`),
    });
  }
  for (const { name, value } of queryOf(request.url)) {
    if (!SECRET_QUERY.test(name) || value === "" || value.includes("{{")) continue;
    found.push({
      id: `query ${name}`,
      place: "query",
      name,
      value,
      suggestion: secretName(`${host}_${name}`),
    });
  }
  return found;
}

/** The request with expressions in place of the credentials that have a secret's name. */
export function withSecrets(
  request: CurlRequest,
  names: { credential: Credential; secret: string }[],
): CurlRequest {
  let { headers, url } = request;
  for (const { credential, secret } of names) {
    const expression = `{{secrets.${secret}}}`;
    if (credential.place === "header") {
      headers = headers.map(([name, text]) =>
        name === credential.name
          ? [name, (SCHEME.exec(text)?.[0] ?? "") + expression]
          : [name, text],
      );
    } else url = withQueryValue(url, credential.name, expression);
  }
  return { ...request, headers, url };
}

interface QueryPair {
  name: string;
  value: string;
}

function queryOf(url: string): QueryPair[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    return at === -1
      ? { name: decoded(pair), value: "" }
      : { name: decoded(pair.slice(0, at)), value: decoded(pair.slice(at + 1)) };
  });
}

function withQueryValue(url: string, name: string, value: string): string {
  return url.replace(/\?([^#]*)/, (_, query: string) => {
    const pairs = query.split("&").map((pair) => {
      const at = pair.indexOf("=");
      const isIt = at !== -1 && decoded(pair.slice(0, at)) === name;
      return isIt ? pair.slice(0, at + 1) + value : pair;
    });
    return `?${pairs.join("&")}`;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** `api.github.com` is known as `github`. */
function hostWord(url: string): string {
  const host = /^[a-z]+:\/\/([^/:?#]+)/i.exec(url)?.[1] ?? "";
  const parts = host.split(".");
  const isAddress = /^[\d.[\]:]+$/.test(host);
  return isAddress ? "" : (parts.at(-2) ?? parts.at(-1) ?? "");
}

function headerWord(name: string): string {
  const bare = name.toLowerCase().replace(/^x-/, "");
  return bare === "authorization" ? "token" : bare;
}

function secretName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return (/^\d/.test(name) ? `_${name}` : name).slice(0, 64) || "token";
}
