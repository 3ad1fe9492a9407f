import { describe, expect, it } from "vitest";
import { graphOf } from "../graph";
import { placed, positionsOf } from "./layout";

const graph = graphOf(
  {
    steps: [
      { name: "a", kind: "set" },
      { name: "b", kind: "set", after: [{ step: "a" }] },
      { name: "c", kind: "set", after: [{ step: "b" }] },
    ],
  },
  [],
);

describe("the positions of cards", () => {
  it("are in layers while nobody has moved one", () => {
    const free = positionsOf(graph);
    expect(placed(graph, free, {})).toEqual(free);
    expect(free.get("step:c")?.y).toBeGreaterThan(free.get("step:b")?.y ?? Infinity);
  });

  it("follow what leads to them, where only that was moved", () => {
    const free = positionsOf(graph);
    const begin = free.get("step:b") ?? { x: 0, y: 0 };
    const moved = placed(graph, free, { "step:b": { x: begin.x + 300, y: begin.y + 10 } });
    expect(moved.get("step:a")).toEqual(free.get("step:a"));
    expect(moved.get("step:c")?.x).toBe((free.get("step:c")?.x ?? 0) + 300);
    expect(moved.get("step:c")?.y).toBe((free.get("step:c")?.y ?? 0) + 10);
  });

  it("end also for a draft that goes in a circle", () => {
    const circle = graphOf(
      {
        steps: [
          { name: "a", after: [{ step: "b" }] },
          { name: "b", after: [{ step: "a" }] },
        ],
      },
      [],
    );
    expect(placed(circle, positionsOf(circle), { "step:x": { x: 1, y: 1 } }).size).toBe(2);
  });
});
