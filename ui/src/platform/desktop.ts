/** The UI in the desktop app: the same API by one command of the shell, live updates by a channel. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { keepTrying } from "./keepTrying";
import { ShellRefusal, type ChangeEvent, type LiveListener, type Platform } from "./types";

interface ShellAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const STATUS_WITHOUT_BODY = [204, 205, 304];

export const desktop: Platform = { kind: "desktop", fetch: call, listen };

async function call(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = await request.text();
  const answer = await invoke<ShellAnswer>("api", {
    method: request.method,
    path: url.pathname + url.search,
    body: body === "" ? null : body,
  }).catch((refused: unknown) => {
    throw new ShellRefusal(wordsOf(refused));
  });
  return new Response(STATUS_WITHOUT_BODY.includes(answer.status) ? null : answer.body, {
    status: answer.status,
    headers: answer.headers,
  });
}

function wordsOf(refused: unknown): string {
  const { message } = (refused ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(refused);
}

function listen(listener: LiveListener): () => void {
  const stop = new AbortController();
  const begin = () => {
    // A channel of its own for each try: one that failed must not speak later.
    const channel = new Channel<ChangeEvent>();
    channel.onmessage = (event) => {
      if (!stop.signal.aborted) listener.onChange(event);
    };
    return invoke("events", { channel });
  };
  void keepTrying(begin, listener.onState, stop.signal);
  return () => stop.abort();
}
