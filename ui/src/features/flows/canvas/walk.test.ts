import { describe, expect, it } from "vitest";
import { graphOf } from "../graph";
import { positionsOf } from "./layout";
import { nextCard, type WalkKey } from "./walk";

const graph = graphOf(
  {
    endpoints: [{ name: "in" }],
    steps: [
      { name: "a", kind: "set" },
      { name: "b", kind: "set", after: [{ step: "a", on: ["true"] }] },
      { name: "c", kind: "set", after: [{ step: "a", on: ["false"] }] },
      { name: "alone", kind: "set", after: [{ step: "c" }] },
    ],
  },
  [],
);
const positions = positionsOf(graph);
const cards = graph.nodes.map(({ id }) => ({ id, position: positions.get(id) ?? { x: 0, y: 0 } }));
const lines = graph.edges.map(({ from, to }) => ({ source: from, target: to }));

function walk(from: string, ...keys: WalkKey[]): string[] {
  const way = [from];
  for (const key of keys)
    way.push(nextCard(key, way.at(-1) ?? from, { cards, lines })?.id ?? "nowhere");
  return way.slice(1);
}

describe("the arrow keys on the drawing", () => {
  it("go along the lines, and back", () => {
    expect(walk("endpoint:in", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp")).toEqual([
      "step:a",
      "step:b",
      "step:a",
      "endpoint:in",
    ]);
  });

  it("go to what stands beside", () => {
    expect(walk("step:b", "ArrowRight", "ArrowLeft")).toEqual(["step:c", "step:b"]);
    expect(walk("endpoint:in", "ArrowLeft")).toEqual(["nowhere"]);
  });

  it("reach what no line leads to, the first card and the last", () => {
    expect(walk("step:b", "ArrowDown")).toEqual(["step:alone"]);
    expect(walk("step:b", "End", "Home")).toEqual(["step:alone", "endpoint:in"]);
  });

  it("reach every card from every other", () => {
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const;
    for (const { id } of cards) {
      const seen = new Set([id]);
      for (const each of seen) {
        for (const key of keys) {
          const next = nextCard(key, each, { cards, lines });
          if (next) seen.add(next.id);
        }
      }
      expect([...seen].sort()).toEqual(cards.map((card) => card.id).sort());
    }
  });
});
