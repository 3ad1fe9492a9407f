/**
 * The browser's right to speak to the control listener: a token, kept for this tab only. It comes
 * from the one-time code in the link that `hookloom serve` prints, or is pasted by the user.
 */
const KEY = "hookloom.token";

type Listener = () => void;

const listeners = new Set<Listener>();

export const session = {
  token(): string | null {
    return sessionStorage.getItem(KEY);
  },
  keep(token: string): void {
    sessionStorage.setItem(KEY, token);
    for (const listener of listeners) listener();
  },
  drop(): void {
    sessionStorage.removeItem(KEY);
    for (const listener of listeners) listener();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Takes the one-time code out of the address, so that it stays in no history and no bookmark. */
export function takeCode(): string | null {
  const match = /^#code=([^&]+)/.exec(location.hash);
  if (!match?.[1]) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}

/** Exchanges the code for a token. False: the code is spent or unknown. */
export async function exchangeCode(code: string): Promise<boolean> {
  const answer = await fetch("/api/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (!answer.ok) return false;
  const body: unknown = await answer.json();
  const token = (body as { token?: unknown }).token;
  if (typeof token !== "string") return false;
  session.keep(token);
  return true;
}

/** Tries a pasted token against the API before it is kept. */
export async function tryToken(token: string): Promise<boolean> {
  const answer = await fetch("/api/v1/status", { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) return false;
  session.keep(token);
  return true;
}
