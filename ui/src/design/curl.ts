/** A request as a cURL command, for three shells. Each form gives a shell back exactly what was put in. */
export interface CurlRequest {
  method: string;
  url: string;
  headers: { name: string; value: string }[];
  body?: string | null | undefined;
}

export const SHELLS = ["bash", "cmd", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** cURL makes these by itself, and wrong ones would break the request. */
const LEFT_OUT = new Set(["content-length", "host", "connection", "transfer-encoding"]);

export function curlCommand(request: CurlRequest, shell: Shell = "bash"): string {
  const { program, quote, newline, around } = FORMS[shell];
  const options = curlOptions(request).map((words) => words.map(quote).join(" "));
  return around(`${program} ${options.join(newline)}`);
}

/** What cURL is given, option by option, before any shell has read it. */
export function curlOptions({ method, url, headers, body }: CurlRequest): string[][] {
  // Brackets in a URL would be ranges of cURL's own.
  const options = [/[[\]{}]/.test(url) ? ["-g", "-X", method, url] : ["-X", method, url]];
  for (const { name, value } of headers) {
    if (LEFT_OUT.has(name.toLowerCase())) continue;
    // `Name:` would take the header out; a semicolon sends it empty.
    options.push(["-H", value === "" ? `${name};` : `${name}: ${value}`]);
  }
  if (body) options.push(["--data-raw", body]);
  return options;
}

interface Form {
  program: string;
  quote: (text: string) => string;
  /** Between two options. */
  newline: string;
  around: (command: string) => string;
}

const asItIs = (text: string) => text;
/** Words that no shell reads anything into. */
const PLAIN = /^[A-Za-z0-9-]+$/;

const FORMS: Record<Shell, Form> = {
  bash: { program: "curl", quote, newline: " \\\n  ", around: asItIs },
  cmd: { program: "curl.exe", quote: quoteForCmd, newline: " ^\n  ", around: asItIs },
  powershell: {
    program: "curl.exe",
    quote: quoteForPowerShell,
    newline: " `\n  ",
    // One way to hand over double quotes in every version; the braces keep the setting inside.
    around: (command) => `& {\n$PSNativeCommandArgumentPassing = 'Legacy'\n${command}\n}`,
  },
};

/** Single quotes keep every character as it is; a single quote itself is put between two strings. */
export function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Double quotes as a Windows program reads them: backslashes count only before a quote. */
function forProgram(text: string): string {
  return text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1");
}

/** Then each sign that `cmd` knows gets a caret, the quotes too, so that it never thinks itself inside any. */
export function quoteForCmd(text: string): string {
  if (PLAIN.test(text)) return text;
  return `"${forProgram(text)}"`.replace(/[\^"&|<>()%!]/g, "^$&").replace(/\r?\n/g, "^\n\n");
}

/** Its curly quotes end a string like the straight one does. */
export function quoteForPowerShell(text: string): string {
  if (PLAIN.test(text)) return text;
  const escaped = text.replace(/(\\*)"/g, '$1$1\\"');
  // Only a word with a space is put between quotes, whose last one must not be escaped.
  const whole = /\s/.test(text) ? escaped.replace(/(\\+)$/, "$1$1") : escaped;
  return `'${whole.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}
