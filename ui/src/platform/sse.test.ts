import { describe, expect, it } from "vitest";
import { createEventReader, reconnectWaitMs, type ServerEvent } from "./sse";

function read(...pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const push = createEventReader((event) => events.push(event));
  for (const piece of pieces) push(piece);
  return events;
}

describe("the event reader", () => {
  it("gives an event when its blank line has come", () => {
    expect(read("event: change\ndata: {}\n")).toEqual([]);
    expect(read("event: change\ndata: {}\n\n")).toEqual([{ name: "change", data: "{}" }]);
  });

  it("does not care where the pieces are cut, for every cut", () => {
    const text = 'event: change\r\ndata: {"a":1}\r\n\r\n: beat\n\ndata: x\ndata: y\n\n';
    const whole = read(text);
    expect(whole).toHaveLength(2);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(read(text.slice(0, cut), text.slice(cut))).toEqual(whole);
    }
  });

  it("ignores heartbeats", () => {
    expect(read(": beat\n\n", ":\n\n")).toEqual([]);
  });
});

describe("the wait before a reconnect", () => {
  it("grows and stays within its bounds", () => {
    expect(reconnectWaitMs(0, 0.5)).toBe(500);
    expect(reconnectWaitMs(3, 0.5)).toBe(4000);
    for (let failures = 0; failures < 100; failures++) {
      expect(reconnectWaitMs(failures, 1)).toBeLessThanOrEqual(18_750);
    }
  });
});
