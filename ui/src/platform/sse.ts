/** Reads server-sent events out of pieces of text. Knows nothing of connections. */
export interface ServerEvent {
  name: string;
  data: string;
}

export function createEventReader(onEvent: (event: ServerEvent) => void) {
  let rest = "";
  let name = "message";
  let data: string[] = [];

  function line(text: string) {
    if (text === "") {
      if (data.length > 0) onEvent({ name, data: data.join("\n") });
      name = "message";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }

  return (piece: string) => {
    rest += piece;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
  };
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait before the n-th try in a row, n from 0: doubling, bounded, spread by `random`. */
export function reconnectWaitMs(failures: number, random = Math.random()): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return Math.round(wait * (0.75 + random / 2));
}
