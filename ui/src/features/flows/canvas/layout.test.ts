import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphOf, type Graph } from "../graph";
import { NODE_HEIGHT, NODE_WIDTH, placed, positionsOf, type Position } from "./layout";

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

/** Steps that each wait for some of those before them: the further back, the rarer. */
const flows = fc
  .array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => ({
    endpoints: [{ name: "in", auth: { kind: "none" } }],
    steps: steps.map((backs, at) => ({
      name: `s${at}`,
      kind: "set",
      after: [...new Set(backs)]
        .filter((back) => back <= at)
        .map((back) => ({ step: `s${at - back}`, on: back % 2 ? ["success"] : ["error"] })),
    })),
    outputs: [{ name: "out", step: `s${steps.length - 1}` }],
  }));

function overlaps(positions: ReadonlyMap<string, Position>): string[] {
  const all = [...positions];
  return all.flatMap(([id, a], at) =>
    all.slice(at + 1).flatMap(([other, b]) => {
      const isBeside = Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT;
      return isBeside ? [] : [`${id} ${other}`];
    }),
  );
}

const upward = ({ edges }: Graph, positions: ReadonlyMap<string, Position>) =>
  edges.filter(({ from, to }) => {
    const [above, below] = [positions.get(from), positions.get(to)];
    return !above || !below || below.y < above.y + NODE_HEIGHT;
  });

describe("the positions of cards", () => {
  it("are all there, below what leads to them, and over no other card", () => {
    fc.assert(
      fc.property(flows, (document) => {
        const drawn = graphOf(document, []);
        const positions = positionsOf(drawn);
        expect(positions.size).toBe(drawn.nodes.length);
        expect(overlaps(positions)).toEqual([]);
        expect(upward(drawn, positions)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("are straight where there is one way, and even on both sides of a fork", () => {
    const drawn = graphOf(
      {
        steps: [
          { name: "a" },
          { name: "b", after: [{ step: "a" }] },
          { name: "left", after: [{ step: "b", on: ["true"] }] },
          { name: "right", after: [{ step: "b", on: ["false"] }] },
          { name: "c", after: [{ step: "left" }, { step: "right" }] },
        ],
      },
      [],
    );
    const x = (name: string) => positionsOf(drawn).get(`step:${name}`)?.x ?? NaN;
    expect(x("b")).toBe(x("a"));
    expect(x("c")).toBe(x("a"));
    expect(x("left")).not.toBe(x("right"));
    expect((x("left") + x("right")) / 2).toBe(x("a"));
  });

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
