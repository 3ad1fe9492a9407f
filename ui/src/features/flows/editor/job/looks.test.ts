import { describe, expect, it } from "vitest";
import type { JobDetail } from "@/api";
import { graphOf } from "../../graph";
import { looksOfJob } from "./looks";

const graph = graphOf(
  {
    steps: [
      { name: "check", kind: "condition" },
      { name: "ship", kind: "http", after: [{ step: "check", on: ["true"] }] },
      { name: "tell", kind: "http", after: [{ step: "check", on: ["false"] }] },
    ],
    outputs: [{ name: "summary", step: "ship" }],
    webhook_tasks: [{ name: "Slack", object: "any_job" }],
  },
  [],
);
const step = (name: string, status: string, exit_code: string | null) => ({
  name,
  status,
  exit_code,
});
const job = {
  status: "complete",
  steps: [
    step("check", "complete", "true"),
    step("ship", "complete", "success"),
    step("tell", "skipped", null),
  ],
} as unknown as JobDetail;

describe("a job on the drawing", () => {
  const { cards, edges } = looksOfJob(graph, job);

  it("shows the state of each step, of an output's step, and of the job at its end", () => {
    expect(cards.get("step:tell")).toEqual({ status: "skipped" });
    expect(cards.get("output:summary")).toEqual({ status: "complete" });
    expect(cards.get("end")).toEqual({ status: "complete" });
    expect(cards.has("task:Slack")).toBe(false);
  });

  it("shows the way that the job went, and not the other", () => {
    expect([...edges.keys()]).toEqual(["step:check>step:ship"]);
  });
});
