/** Reads a pasted cURL command, or PowerShell's way of saying the same. It never throws, whatever is pasted. */
import { dataOf, multipartOf, type Data } from "./data";
import { readOptions, type Option } from "./options";
import { powershellRequest } from "./powershell";
import type { CurlNote, CurlParsed, CurlRequest } from "./request";
import { shellOf, wordsOf, type Shell } from "./words";

/** They frame a body or belong to a connection. What is compressed is for the HTTP client to choose, too. */
const HEADERS_OURS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function parseCurl(pasted: string): CurlParsed {
  // A prompt of the shell is often copied with the command.
  const text = pasted.replaceAll("\u0000", "").replace(/^\s*(?:[$%>]|PS [^>\n]*>)\s+/, "");
  if (text.trim() === "") return { ok: false, mistake: "empty" };
  const shell = shellOf(text);
  const words = wordsOf(text, shell);
  const own = powershellRequest(words);
  if (own) return finished(own);
  const start = words.findIndex(
    (word) => /^(?:.*[/\\])?curl(?:\.exe)?$/i.test(word) && !word.includes("://"),
  );
  if (start === -1) return { ok: false, mistake: "noCommand" };
  return finished(requestOf(plainWords(words.slice(start + 1), shell)));
}

function plainWords(words: string[], shell: Shell): string[] {
  if (shell !== "powershell") return words;
  // PowerShell hands quotes on without their backslashes, and its own marks mean nothing to cURL.
  return words
    .filter((word) => !word.startsWith("\u0000"))
    .map((word) => word.replaceAll('\\"', '"'));
}

function requestOf(words: string[]): CurlRequest {
  const { options, urls, told } = readOptions(words);
  const notes: CurlNote[] = told.map((name) => ({ kind: "option", name }));
  const last = (name: string) => options.findLast((option) => option.name === name)?.value;
  const has = (name: string) => last(name) !== undefined;
  const data = dataOf(options, notes);
  const parts = multipartOf(options, notes);
  if (has("upload-file")) notes.push({ kind: "file", name: last("upload-file") ?? "" });
  if (urls.length > 1) notes.push({ kind: "urls", count: urls.length });
  const isGet = has("get");
  const url = urlOf(urls[0] ?? "", isGet ? data : null, options);
  const seconds = Number(last("max-time"));
  return {
    method: methodOf(),
    url: url.text,
    headers: headersOf(options, url.user, isGet ? null : data),
    body:
      parts.length > 0
        ? { kind: "multipart", parts }
        : data && !isGet
          ? { kind: "text", text: data.text }
          : null,
    checksCertificates: !has("insecure"),
    followsRedirects: has("location") || has("location-trusted"),
    timeoutMs: has("max-time") && seconds > 0 ? Math.round(seconds * 1000) : null,
    notes,
  };

  function methodOf(): string {
    const said = last("request")?.trim().toUpperCase();
    if (said) return said;
    if (has("head")) return "HEAD";
    if (has("upload-file")) return "PUT";
    return parts.length > 0 || (data && !isGet) ? "POST" : "GET";
  }
}

/** The address with what `-G` and `--url-query` add, and without the name and password in it. */
function urlOf(text: string, data: Data | null, options: Option[]) {
  const bare = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) || bare.startsWith("{{");
  let url = hasScheme || bare === "" ? bare : `http://${bare}`;
  let user = "";
  const authority = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@{}]*)@/i.exec(url);
  if (authority) {
    user = decoded(authority[2] ?? "");
    url = (authority[1] ?? "") + url.slice(authority[0].length);
  }
  const more = options.filter(({ name }) => name === "url-query").map(({ value }) => value);
  for (const query of [...(data ? [data.text] : []), ...more].filter(Boolean)) {
    const [before = "", fragment] = splitOnce(url, "#");
    url = before + (before.includes("?") ? "&" : "?") + query.replace(/^\+/, "");
    if (fragment !== undefined) url += `#${fragment}`;
  }
  return { text: url, user };
}

function headersOf(options: Option[], urlUser: string, data: Data | null): [string, string][] {
  const headers: [string, string][] = [];
  const removed = new Set<string>();
  for (const { name, value } of options) {
    if (name === "header") addWritten(value);
    if (name === "user-agent") add("User-Agent", value);
    if (name === "referer") add("Referer", value.replace(/;auto$/, ""));
    if (name === "cookie" && value.includes("=")) add("Cookie", value);
    if (name === "oauth2-bearer") add("Authorization", `Bearer ${value}`);
  }
  const user = options.findLast(({ name }) => name === "user")?.value ?? urlUser;
  if (user !== "") addDefault("Authorization", `Basic ${base64(user)}`);
  if (data) addDefault("Content-Type", data.contentType);
  if (data?.contentType === "application/json") addDefault("Accept", "application/json");
  return headers;

  function addWritten(header: string) {
    const found = /^([^:;]+)([:;])(.*)$/s.exec(header);
    const name = found?.[1]?.trim() ?? "";
    const value = found?.[3]?.trim() ?? "";
    if (!found || name === "") return;
    if (found[2] === ":" && value === "") removed.add(name.toLowerCase());
    else add(name, value);
  }

  function add(name: string, value: string) {
    const old = headers.find((each) => each[0].toLowerCase() === name.toLowerCase());
    if (!old) headers.push([name, value]);
    else old[1] += (name.toLowerCase() === "cookie" ? "; " : ", ") + value;
  }

  function addDefault(name: string, value: string) {
    const isThere = headers.some((each) => each[0].toLowerCase() === name.toLowerCase());
    if (!isThere && !removed.has(name.toLowerCase())) headers.push([name, value]);
  }
}

/** What the reader of the command has to do by itself is left out, and said. */
function finished(request: CurlRequest): CurlParsed {
  if (request.url === "") return { ok: false, mistake: "noUrl" };
  const isMultipart = request.body?.kind === "multipart";
  const isOurs = ([name]: [string, string]) =>
    HEADERS_OURS.has(name.toLowerCase()) || (isMultipart && name.toLowerCase() === "content-type");
  const left = request.headers.filter(isOurs).map(([name]) => name);
  return {
    ok: true,
    request: {
      ...request,
      headers: request.headers.filter((header) => !isOurs(header)),
      notes:
        left.length === 0 ? request.notes : [...request.notes, { kind: "headers", names: left }],
    },
  };
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function base64(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
}
