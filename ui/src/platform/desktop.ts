/** The UI in the desktop app: the same API by one command of the shell, live updates by a channel. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { base64Of, bytesOf } from "./base64";
import { keepTrying } from "./keepTrying";
import {
  ShellRefusal,
  type ChangeEvent,
  type LiveListener,
  type Platform,
  type Shell,
  type ShellAsk,
  type WindowSettings,
} from "./types";

interface ShellAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  is_base64: boolean;
}

const STATUS_WITHOUT_BODY = [204, 205, 304];

export const desktop: Platform = { kind: "desktop", fetch: call, listen, save };

export const shell: Shell = {
  listen(onAsk) {
    const channel = new Channel<ShellAsk>();
    channel.onmessage = onAsk;
    return ask("asks", { channel });
  },
  settings: () => ask<WindowSettings>("window_settings", {}),
  change: (change) => ask<WindowSettings>("change_window_settings", { change }),
  close: (isKept, isAlways) => ask("close_window", { isKept, isAlways }),
  askToClose: () => ask("ask_to_close", {}),
  quit: () => ask("quit", {}),
  offerCommands: (offer) => ask("offer_commands", { offer }),
};

async function call(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = await request.text();
  const answer = await ask<ShellAnswer>("api", {
    method: request.method,
    path: url.pathname + url.search,
    body: body === "" ? null : body,
  });
  const { status, headers } = answer;
  if (STATUS_WITHOUT_BODY.includes(status)) return new Response(null, { status, headers });
  const content = answer.is_base64 ? bytesOf(answer.body) : answer.body;
  return new Response(content, { status, headers });
}

/** A window of the system has no downloads of its own: the shell saves the file. */
async function save(name: string, content: Blob): Promise<string> {
  return ask<string>("save_file", { name, base64: await base64Of(content) });
}

function ask<T>(command: string, input: Record<string, unknown>): Promise<T> {
  return invoke<T>(command, input).catch((refused: unknown) => {
    throw new ShellRefusal(wordsOf(refused));
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
    const channel = new Channel<ChangeEvent | null>();
    channel.onmessage = (event) => {
      if (stop.signal.aborted) return;
      if (event) listener.onChange(event);
      // The folder is opened anew, for a restore: what is open begins anew as well.
      else again();
    };
    return invoke("events", { channel });
  };
  const again = () => void keepTrying(begin, listener.onState, stop.signal);
  again();
  return () => stop.abort();
}
