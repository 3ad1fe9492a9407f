/** How the drawing looks with a job on it: the state of each step, and the ways that the job went. Pure. */
import type { JobDetail } from "@/api";
import type { CardLook, EdgeLook } from "../../canvas/looks";
import { text } from "../../document";
import type { Graph } from "../../graph";

export function looksOfJob(graph: Graph, job: Pick<JobDetail, "steps" | "status">) {
  const steps = new Map(job.steps.map((step) => [step.name, step]));
  const cards = new Map<string, CardLook>();
  for (const { id, kind, part } of graph.nodes) {
    const name = kind === "output" ? text(part?.fields.step) : (part?.name ?? "");
    const step = kind === "step" || kind === "output" ? steps.get(name) : undefined;
    if (step) cards.set(id, { status: step.status });
    if (kind === "end") cards.set(id, { status: job.status });
  }
  const edges = new Map<string, EdgeLook>();
  for (const { id, from, to, labels } of graph.edges) {
    const [above, below] = [steps.get(nameOf(from)), steps.get(nameOf(to))];
    if (!from.startsWith("step:") || !to.startsWith("step:") || !above || !below) continue;
    const code = above.exit_code ?? "";
    const isTaken = labels.includes("*") ? code !== "" : labels.includes(code);
    if (isTaken && above.status !== "skipped" && below.status !== "skipped") {
      edges.set(id, { isTaken });
    }
  }
  return { cards, edges };
}

const nameOf = (id: string) => id.slice(id.indexOf(":") + 1);
