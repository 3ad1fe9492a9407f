/** The UI in a browser tab, served by `hookloom serve`: HTTP with a bearer token. */
import { session } from "./session";
import { sleep } from "./sleep";
import { createEventReader, reconnectWaitMs } from "./sse";
import type { ChangeEvent, LiveListener, Platform } from "./types";

/** The server sends a heartbeat every 15 s: three missed ones mean the connection is dead. */
const SILENCE_MAX_MS = 45_000;

export const browser: Platform = { kind: "browser", fetch: call, listen, save };

async function call(request: Request): Promise<Response> {
  const sent = session.token();
  if (sent) request.headers.set("authorization", `Bearer ${sent}`);
  const answer = await fetch(request);
  // Only the token that was refused is dropped: a newer one may have been kept meanwhile.
  if (answer.status === 401 && session.token() === sent) session.drop();
  return answer;
}

function save(name: string, content: Blob): Promise<null> {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after this task: it must outlive it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return Promise.resolve(null);
}

function listen(listener: LiveListener): () => void {
  const stop = new AbortController();
  void keepReading(listener, stop.signal);
  return () => stop.abort();
}

async function keepReading(listener: LiveListener, stopped: AbortSignal) {
  let failures = 0;
  listener.onState("connecting");
  // From then on it is open or broken: a banner that went with each try would flicker.
  while (!stopped.aborted) {
    try {
      await readOnce(listener, stopped, () => {
        failures = 0;
        listener.onState("open");
      });
    } catch {
      // Whatever cut the stream, the cure is the same: say so, wait, connect again.
    }
    if (stopped.aborted) return;
    listener.onState("broken");
    await sleep(reconnectWaitMs(failures++), stopped);
  }
}

async function readOnce(listener: LiveListener, stopped: AbortSignal, onOpen: () => void) {
  const cut = new AbortController();
  stopped.addEventListener("abort", () => cut.abort(), { signal: cut.signal });
  const request = new Request(new URL("/api/v1/events", location.origin), {
    headers: { accept: "text/event-stream" },
    signal: cut.signal,
  });
  const answer = await call(request);
  if (!answer.ok || !answer.body) throw new Error(`live updates were refused: ${answer.status}`);
  onOpen();
  const push = createEventReader((event) => {
    if (event.name === "change") listener.onChange(JSON.parse(event.data) as ChangeEvent);
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => cut.abort(), SILENCE_MAX_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    push(value);
  }
}
