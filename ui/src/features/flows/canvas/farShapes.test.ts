import { describe, expect, it } from "vitest";
import { farShapes } from "./farShapes";
import type { CardLook } from "./looks";
import type { Card } from "./useCards";

function card(at: number, more: Partial<Card> = {}, look?: CardLook) {
  const node = { id: `step:${at}`, kind: "step", part: null, severity: null } as const;
  const data = { node, name: `${at}`, line: "", look };
  return { id: node.id, position: { x: 0, y: at * 100 }, data, ...more } satisfies Card;
}
const shapesIn = (path: string) => path.split("M").length - 1;

describe("cards that are far away", () => {
  it("are as few shapes as there are looks, however many they are", () => {
    const cards = Array.from({ length: 200 }, (_, at) => card(at, { position: { x: at, y: at } }));
    const shapes = farShapes(cards);
    expect(shapes.map(({ part }) => part)).toEqual(["body", "icon", "words", "strip"]);
    for (const { path } of shapes) expect(shapesIn(path)).toBe(200);
  });

  it("are in pieces from top to bottom, so that those out of sight need not be painted", () => {
    const cards = Array.from({ length: 200 }, (_, at) => card(at));
    const bodies = farShapes(cards).filter(({ part }) => part === "body");
    expect(bodies.map(({ piece }) => piece)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { path } of bodies) expect(shapesIn(path)).toBe(20);
  });

  it("say which have pinned data", () => {
    const shapes = farShapes([card(0, {}, { isPinned: true }), card(1)]);
    const pins = shapes.filter(({ part }) => part === "pin");
    expect(pins.map(({ path }) => shapesIn(path))).toEqual([1]);
  });

  it("show their state, what differs, what was found and what is selected, each by its own shape", () => {
    const shapes = farShapes([
      card(0, { selected: true }, { isFound: true }),
      card(1, {}, { isFound: true, mark: "added" }),
      card(2, {}, { status: "failed" }),
      card(3),
    ]);
    const found = shapes.map(({ part, look, path }) => [part, look, shapesIn(path)]);
    expect(found).toEqual([
      ["ring", "selected", 1],
      ["ring", "found", 1],
      ["body", "", 3],
      ["body", "added", 1],
      ["icon", "", 4],
      ["words", "", 4],
      ["strip", "", 3],
      ["strip", "bad", 1],
    ]);
  });

  it("stand where their cards do", () => {
    const [body] = farShapes([card(0, { position: { x: 40, y: -300 } })]);
    // After the corner on the left, along the upper edge.
    expect(body?.path.startsWith("M48.5 -299.5h203a8 8 0 0 1 8 8")).toBe(true);
  });
});
