/** Which options of cURL take a value, and the long names of short ones. */
export const LONG_OF: Record<string, string> = {
  A: "user-agent",
  b: "cookie",
  d: "data",
  e: "referer",
  F: "form",
  G: "get",
  H: "header",
  I: "head",
  k: "insecure",
  L: "location",
  m: "max-time",
  T: "upload-file",
  u: "user",
  x: "proxy",
  X: "request",
};

/** Of the short options, those with a value. */
const SHORT_WITH_VALUE = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

const LONG_WITH_VALUE = new Set(
  `abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
  continue-at cookie cookie-jar crlfile curves data data-ascii data-binary data-raw data-urlencode delegation
  dns-interface dns-servers doh-url dump-header egd-file engine etag-compare etag-save expect100-timeout
  form form-string happy-eyeballs-timeout-ms header hsts interface json keepalive-time key key-type limit-rate
  local-port location-trusted-hosts login-options max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer
  output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert
  proxy-header proxy-user quote range rate referer request request-target resolve retry retry-delay retry-max-time
  socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers trace
  trace-ascii unix-socket upload-file url url-query user user-agent variable write-out`
    .split(/\s+/)
    .filter(Boolean),
);

/** They change what is sent, and a step has nothing for them. */
const TOLD = new Set([
  "aws-sigv4",
  "cacert",
  "cert",
  "connect-to",
  "cookie-jar",
  "digest",
  "interface",
  "key",
  "negotiate",
  "netrc",
  "ntlm",
  "proxy",
  "range",
  "resolve",
  "retry",
  "unix-socket",
]);

export interface Option {
  name: string;
  value: string;
}

export interface CommandLine {
  options: Option[];
  urls: string[];
  told: string[];
}

/** Sorts the words after `curl` into options and addresses. */
export function readOptions(words: string[]): CommandLine {
  const line: CommandLine = { options: [], urls: [], told: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") continue;
    if (word.startsWith("--")) {
      const [name = "", inline] = cut(word.slice(2));
      const takes = LONG_WITH_VALUE.has(name);
      add(line, name, takes ? (inline ?? words[++at] ?? "") : "");
    } else if (word.startsWith("-") && word.length > 1) {
      at += readShort(word, words[at + 1], line);
    } else line.urls.push(word);
  }
  return line;
}

/** `-sSXPOST`: letters, of which the first with a value takes the rest, or the next word. How many words it took. */
function readShort(word: string, next: string | undefined, line: CommandLine): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? "";
    const name = LONG_OF[letter] ?? letter;
    if (!SHORT_WITH_VALUE.includes(letter)) {
      add(line, name, "");
      continue;
    }
    const rest = word.slice(at + 1);
    add(line, name, rest === "" ? (next ?? "") : rest);
    return rest === "" ? 1 : 0;
  }
  return 0;
}

function cut(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function add(line: CommandLine, name: string, value: string) {
  if (name === "url") line.urls.push(value);
  else line.options.push({ name, value });
  if (TOLD.has(name)) line.told.push(`--${name}`);
}
