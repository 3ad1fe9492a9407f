/** Begins live updates, and again after each failure, until it works or nobody wants them any more. */
import { reconnectWaitMs } from "./sse";
import { sleep } from "./sleep";
import type { LiveState } from "./types";

export async function keepTrying(
  begin: () => Promise<unknown>,
  onState: (state: LiveState) => void,
  stopped: AbortSignal,
  wait = sleep,
): Promise<void> {
  onState("connecting");
  for (let failures = 0; !stopped.aborted; failures++) {
    const works = await begin().then(
      () => true,
      () => false,
    );
    if (stopped.aborted) return;
    onState(works ? "open" : "broken");
    if (works) return;
    await wait(reconnectWaitMs(failures), stopped);
  }
}
