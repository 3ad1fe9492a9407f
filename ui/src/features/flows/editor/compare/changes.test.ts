import { describe, expect, it } from "vitest";
import { addStep, moveNodes, remove, rename, setSettings } from "../commands";
import { changesBetween, markedGraph } from "./changes";

const flow = {
  name: "f",
  steps: [
    { name: "a", kind: "set", values: {} },
    { name: "b", kind: "http", url: "x", after: [{ step: "a" }] },
  ],
  outputs: [{ name: "o", step: "b" }],
};

describe("what differs between two versions", () => {
  it("is nothing for the same document with its keys in another order, or with moved cards", () => {
    const other = { steps: flow.steps, outputs: flow.outputs, name: "f" };
    expect(changesBetween(flow, other)).toEqual([]);
    const moved = moveNodes(flow, { positions: { "step:a": { x: 1, y: 2 } } });
    expect(changesBetween(flow, moved)).toEqual([]);
  });

  it("names the parts that came, went and changed, with their fields", () => {
    const added = addStep(flow, { kind: "delay", after: "step:b" });
    const changed = {
      ...added,
      title: "F",
      steps:
        added.steps instanceof Array ? added.steps.map((each) => ({ ...each, timeout_ms: 1 })) : [],
    };
    const gone = remove(changed, { ids: ["output:o"] });
    expect(changesBetween(flow, gone).map(({ id, mark, fields }) => [id, mark, fields])).toEqual([
      ["flow", "changed", ["title"]],
      ["step:a", "changed", ["timeout_ms"]],
      ["step:b", "changed", ["timeout_ms"]],
      ["step:delay", "added", []],
      ["output:o", "removed", []],
    ]);
    expect(changesBetween(flow, setSettings(flow, { fields: {} }))).toEqual([]);
  });

  it("is drawn in one graph, with what is no more", () => {
    const renamed = rename(flow, { id: "step:a", name: "first" });
    const { graph, looks } = markedGraph(flow, renamed);
    expect(graph.nodes.map(({ id }) => id)).toContain("step:a");
    expect(looks.cards.get("step:a")).toEqual({ mark: "removed" });
    expect(looks.cards.get("step:first")).toEqual({ mark: "added" });
    expect(looks.edges.get("step:a>step:b")).toEqual({ mark: "removed" });
    expect(looks.edges.get("step:first>step:b")).toEqual({ mark: "added" });
    expect(looks.edges.has("step:b>output:o")).toBe(false);
  });
});
