/** The drawing of a flow, derived from its document: nodes, edges and outline. Pure, no positions. */
import type { Problem } from "@/api";
import { edgesOf, partsOf, taskOutputs, text, type FlowParts, type Part } from "./document";
import { partId } from "./editor/commands/parts";

export type NodeKind = "endpoint" | "schedule" | "step" | "output" | "task" | "end";

export interface GraphNode {
  id: string;
  kind: NodeKind;
  /** Null for the end of the job, which is no part of the document. */
  part: Part | null;
  severity: "error" | "warning" | null;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  /** Exit codes or an event; empty where there is nothing to say. */
  labels: string[];
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export const END_ID = "end";
const nodeId = (kind: NodeKind, name: string) => `${kind}:${name}`;

export function graphOf(document: unknown, problems: Problem[]): Graph {
  const parts = partsOf(document);
  const nodes = nodesOf(parts, problems);
  const known = new Set(nodes.map(({ id }) => id));
  // A draft may name steps that do not exist: such an edge is a problem, and is not drawn.
  const edges = edgesOfFlow(parts).filter(({ from, to }) => known.has(from) && known.has(to));
  return { nodes, edges: merged(edges) };
}

function nodesOf(parts: FlowParts, problems: Problem[]): GraphNode[] {
  const taken = new Set<string>();
  const make = (kind: NodeKind, list: Part[]) =>
    list.map((part) => {
      const id = partId(kind, part.name, taken);
      taken.add(id);
      return { id, kind, part, severity: severityOf(part, problems) };
    });
  const nodes: GraphNode[] = [
    ...make("endpoint", parts.endpoints),
    ...make("schedule", parts.schedules),
    ...make("step", parts.steps),
    ...make("output", parts.outputs),
    ...make("task", parts.tasks),
  ];
  if (parts.tasks.some((task) => taskOutputs(task) === null)) {
    nodes.push({ id: END_ID, kind: "end", part: null, severity: null });
  }
  return nodes;
}

function severityOf(part: Part, problems: Problem[]): GraphNode["severity"] {
  const own = problems.filter(({ place }) => isInside(place, part.place));
  if (own.some(({ severity }) => severity === "error")) return "error";
  return own.length > 0 ? "warning" : null;
}

function isInside(place: string, outer: string): boolean {
  return place === outer || place.startsWith(`${outer}/`);
}

type LooseEdge = Omit<GraphEdge, "id">;

function edgesOfFlow(parts: FlowParts): LooseEdge[] {
  const first = parts.steps.filter((step) => edgesOf(step).length === 0);
  const starts = [
    ...parts.endpoints.map(({ name }) => nodeId("endpoint", name)),
    ...parts.schedules.map(({ name }) => nodeId("schedule", name)),
  ];
  return [
    ...starts.flatMap((from) =>
      first.map((step) => ({ from, to: nodeId("step", step.name), labels: [] })),
    ),
    ...parts.steps.flatMap((step) =>
      edgesOf(step).map((edge) => ({
        from: nodeId("step", edge.step),
        to: nodeId("step", step.name),
        labels: edge.on,
      })),
    ),
    ...parts.outputs.map((output) => ({
      from: nodeId("step", text(output.fields.step)),
      to: nodeId("output", output.name),
      labels: [],
    })),
    ...taskEdges(parts),
  ];
}

function taskEdges(parts: FlowParts): LooseEdge[] {
  const followed = new Set(parts.steps.flatMap((step) => edgesOf(step).map(({ step: s }) => s)));
  const given = new Set(parts.outputs.map(({ fields }) => text(fields.step)));
  const last = parts.steps.filter(({ name }) => !followed.has(name) && !given.has(name));
  const toEnd = [
    ...last.map(({ name }) => nodeId("step", name)),
    ...parts.outputs.map(({ name }) => nodeId("output", name)),
  ].map((from) => ({ from, to: END_ID, labels: [] }));
  const toTasks = parts.tasks.flatMap((task) => {
    const outputs = taskOutputs(task);
    const from = outputs?.map((name) => nodeId("output", name)) ?? [END_ID];
    const labels = [text(task.fields.event)].filter(Boolean);
    return from.map((id) => ({ from: id, to: nodeId("task", task.name), labels }));
  });
  return [...toEnd, ...toTasks];
}

/** Two edges between the same nodes are drawn as one, with the labels of both. */
function merged(edges: LooseEdge[]): GraphEdge[] {
  const byEnds = new Map<string, GraphEdge>();
  for (const { from, to, labels } of edges) {
    const id = `${from}>${to}`;
    const same = byEnds.get(id);
    if (same) same.labels = [...new Set([...same.labels, ...labels])];
    else byEnds.set(id, { id, from, to, labels: [...labels] });
  }
  return [...byEnds.values()];
}

/** The node that a problem's place belongs to. */
export function nodeOfPlace(graph: Graph, place: string): string | undefined {
  return graph.nodes.find(({ part }) => part && isInside(place, part.place))?.id;
}

export interface OutlineRow {
  node: GraphNode;
  depth: number;
  /** The exit codes that lead here, where the way forks. */
  codes: string[];
}

/**
 * Triggers, then the steps below what first leads to them, outputs below theirs, then the tasks.
 * A chain stays on one level; a fork goes one deeper.
 */
export function outlineOf(graph: Graph): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const seen = new Set<string>();
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const waysFrom = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    waysFrom.set(edge.from, [...(waysFrom.get(edge.from) ?? []), edge]);
  }
  const of = (kind: NodeKind) => graph.nodes.filter((node) => node.kind === kind);

  function add(node: GraphNode, depth: number, codes: string[]) {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    rows.push({ node, depth, codes });
    const ways = (waysFrom.get(node.id) ?? []).filter(({ to }) => byId.get(to)?.kind === "step");
    const forks = ways.length > 1;
    for (const { to, labels } of ways) {
      const next = byId.get(to);
      if (next && node.kind === "step") add(next, depth + (forks ? 1 : 0), forks ? labels : []);
    }
    addOutputs(node, depth);
  }

  function addOutputs(node: GraphNode, depth: number) {
    for (const { to } of waysFrom.get(node.id) ?? []) {
      const output = byId.get(to);
      if (output?.kind === "output") add(output, depth + 1, []);
    }
  }

  for (const node of [...of("endpoint"), ...of("schedule")]) add(node, 0, []);
  const entered = new Set(
    graph.edges.filter(({ from }) => byId.get(from)?.kind === "step").map(({ to }) => to),
  );
  for (const node of of("step")) if (!entered.has(node.id)) add(node, 1, []);
  // What is left hangs in a circle of a broken draft, or below nothing.
  for (const node of [...of("step"), ...of("output")]) add(node, 1, []);
  for (const node of of("task")) add(node, 0, []);
  return rows;
}
