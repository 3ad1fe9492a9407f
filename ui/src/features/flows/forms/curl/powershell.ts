/** `Invoke-WebRequest`, as browsers copy a request for PowerShell. */
import type { CurlRequest } from "./request";
import { markOf } from "./words";

const COMMANDS = /^(?:invoke-webrequest|invoke-restmethod|iwr|irm)$/i;
const OPEN = markOf("@{");
const CLOSE = markOf("}");
const EQUALS = markOf("=");

/** Null: it is another command. */
export function powershellRequest(words: string[]): CurlRequest | null {
  const start = words.findIndex((word) => COMMANDS.test(word));
  if (start === -1) return null;
  const request: CurlRequest = {
    method: "GET",
    url: "",
    headers: [],
    body: null,
    checksCertificates: true,
    // It follows redirects unless it is told not to.
    followsRedirects: true,
    timeoutMs: null,
    notes: [],
  };
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at] ?? "";
    const value = words[at + 1] ?? "";
    if (!word.startsWith("-")) {
      const isAddress = request.url === "" && !word.startsWith("\u0000") && !word.startsWith("$");
      if (isAddress) request.url = word;
      continue;
    }
    switch (word.toLowerCase()) {
      case "-headers":
        if (value === OPEN) at = readHeaders(words, at + 2, request.headers);
        break;
      case "-skipcertificatecheck":
        request.checksCertificates = false;
        break;
      case "-usebasicparsing":
      case "-disablekeepalive":
        break;
      default:
        take(word.toLowerCase(), value, request);
        at++;
    }
  }
  return request;
}

function take(option: string, value: string, request: CurlRequest) {
  switch (option) {
    case "-uri":
      request.url = value;
      break;
    case "-method":
      request.method = value.toUpperCase();
      break;
    case "-body":
      request.body = { kind: "text", text: value };
      break;
    case "-contenttype":
      request.headers.push(["Content-Type", value]);
      break;
    case "-useragent":
      request.headers.push(["User-Agent", value]);
      break;
    case "-maximumredirection":
      request.followsRedirects = value !== "0";
      break;
    case "-timeoutsec":
      request.timeoutMs = Number(value) > 0 ? Math.round(Number(value) * 1000) : null;
      break;
    case "-infile":
      request.notes.push({ kind: "file", name: value });
      break;
    case "-websession":
      break;
    default:
      request.notes.push({ kind: "option", name: option });
  }
}

/** Pairs up to the closing brace; where that stands. */
function readHeaders(words: string[], start: number, headers: [string, string][]): number {
  let at = start;
  for (; at < words.length && words[at] !== CLOSE; at++) {
    const name = words[at] ?? "";
    if (name.startsWith("\u0000") || words[at + 1] !== EQUALS) continue;
    const value = words[at + 2] ?? "";
    if (!value.startsWith("\u0000") && !name.startsWith(":")) headers.push([name, value]);
    at += 2;
  }
  return at;
}
