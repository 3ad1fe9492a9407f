/** What an exchange that failed means, by the error or by the status of the answer. Pure. */
export const EXPLAINED = [
  "dns",
  "connect",
  "tls",
  "timeout",
  "interrupted",
  "guard",
  "invalid",
  "secret",
  "template",
  "too_large_answer",
  "redirect",
  "malformed",
  "credentials",
  "missing",
  "method",
  "gone",
  "too_large",
  "type",
  "rate",
  "proxy",
  "gateway",
  "server",
  "refused",
] as const;
export type Explained = (typeof EXPLAINED)[number];

const BY_CODE: Record<string, Explained> = {
  dns: "dns",
  connect: "connect",
  tls: "tls",
  timeout: "timeout",
  interrupted: "interrupted",
  destination_refused: "guard",
  invalid_request: "invalid",
  answer_too_large: "too_large_answer",
  redirect: "redirect",
  signature: "secret",
};

const BY_STATUS: Record<number, Explained> = {
  400: "malformed",
  401: "credentials",
  403: "credentials",
  404: "missing",
  405: "method",
  407: "proxy",
  408: "timeout",
  410: "gone",
  413: "too_large",
  415: "type",
  422: "malformed",
  429: "rate",
  502: "gateway",
  503: "gateway",
  504: "gateway",
};

interface Failed {
  error: { code: string } | null;
  response: { status: number } | null;
}

/** Null for an exchange that succeeded, and for a failure that says everything itself. */
export function explain({ error, response }: Failed): Explained | null {
  if (response) return ofStatus(response.status);
  if (!error) return null;
  if (error.code.startsWith("secret_")) return "secret";
  if (error.code.startsWith("template")) return "template";
  return BY_CODE[error.code] ?? null;
}

function ofStatus(status: number): Explained | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return "redirect";
  return BY_STATUS[status] ?? (status >= 500 ? "server" : "refused");
}
