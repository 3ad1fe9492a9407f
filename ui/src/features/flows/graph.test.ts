import { describe, expect, it } from "vitest";
import { END_ID, graphOf, nodeOfPlace, outlineOf } from "./graph";

const document = {
  endpoints: [{ name: "orders" }],
  steps: [
    { name: "enrich", kind: "set" },
    { name: "ship", kind: "http", after: [{ step: "enrich" }] },
    { name: "rescue", kind: "http", after: [{ step: "ship", on: ["error", "late"] }] },
  ],
  outputs: [{ name: "summary", step: "ship" }],
  webhook_tasks: [
    { name: "Slack", event: "job_finished", object: "any_job" },
    { name: "Mirror", event: "job_failed", object: { outputs: ["summary"] } },
  ],
};

const edge = (from: string, to: string) =>
  graphOf(document, []).edges.find((each) => each.from === from && each.to === to);

describe("the graph of a flow", () => {
  it("leads from every endpoint to the steps that wait for nothing", () => {
    expect(edge("endpoint:orders", "step:enrich")?.labels).toEqual([]);
    expect(edge("endpoint:orders", "step:ship")).toBeUndefined();
  });

  it("labels an edge with its exit codes, success where none is named", () => {
    expect(edge("step:enrich", "step:ship")?.labels).toEqual(["success"]);
    expect(edge("step:ship", "step:rescue")?.labels).toEqual(["error", "late"]);
  });

  it("hangs tasks on the end of the job or on their outputs, with the event", () => {
    expect(edge(END_ID, "task:Slack")?.labels).toEqual(["job_finished"]);
    expect(edge("output:summary", "task:Mirror")?.labels).toEqual(["job_failed"]);
    expect(edge("step:rescue", END_ID)).toBeDefined();
  });

  it("draws no edge to what does not exist", () => {
    const broken = { steps: [{ name: "a", after: [{ step: "gone" }] }], outputs: [{ name: "o" }] };
    const graph = graphOf(broken, []);
    expect(graph.nodes.map(({ id }) => id)).toEqual(["step:a", "output:o"]);
    expect(graph.edges).toEqual([]);
  });

  it.each([null, 3, [], { steps: "no" }, { steps: [1, null, {}] }])(
    "survives the document %j",
    (wrong) => expect(() => outlineOf(graphOf(wrong, []))).not.toThrow(),
  );

  it("marks the node that a problem's place lies in, and no other", () => {
    const problems = [
      { severity: "error" as const, code: "x", place: "/steps/1/url", message: "", hint: null },
      { severity: "warning" as const, code: "x", place: "/steps/10", message: "", hint: null },
    ];
    const graph = graphOf(document, problems);
    expect(graph.nodes.filter(({ severity }) => severity).map(({ id }) => id)).toEqual([
      "step:ship",
    ]);
    expect(nodeOfPlace(graph, "/steps/1/url")).toBe("step:ship");
    expect(nodeOfPlace(graph, "/title")).toBeUndefined();
  });
});

describe("the outline", () => {
  it("shows every node of the document once, steps below what leads to them", () => {
    const rows = outlineOf(graphOf(document, []));
    expect(rows.map(({ node, depth }) => `${depth} ${node.id}`)).toEqual([
      "0 endpoint:orders",
      "1 step:enrich",
      "1 step:ship",
      "1 step:rescue",
      "2 output:summary",
      "0 task:Slack",
      "0 task:Mirror",
    ]);
  });

  it("goes deeper where the way forks, and says which exit code leads there", () => {
    const fork = {
      steps: [
        { name: "check" },
        { name: "yes", after: [{ step: "check", on: ["true"] }] },
        { name: "no", after: [{ step: "check", on: ["false"] }] },
      ],
    };
    expect(outlineOf(graphOf(fork, [])).map(({ depth, codes }) => [depth, ...codes])).toEqual([
      [1],
      [2, "true"],
      [2, "false"],
    ]);
  });

  it("shows steps that wait for each other, too", () => {
    const circle = {
      steps: [
        { name: "a", after: [{ step: "b" }] },
        { name: "b", after: [{ step: "a" }] },
      ],
    };
    expect(outlineOf(graphOf(circle, [])).map(({ node }) => node.id)).toEqual(["step:a", "step:b"]);
  });
});
