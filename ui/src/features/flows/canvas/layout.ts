/** Positions for the drawing: where cards were put, and for all others layers from top to bottom. */
import { Graph as Plan, layout } from "@dagrejs/dagre";
import type { Graph } from "../graph";

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 61;
const LABEL_HEIGHT = 22;
const LETTER_WIDTH = 7;

export interface Position {
  x: number;
  y: number;
}

/** The upper left corner of every node, by its id. */
export function positionsOf(graph: Graph): Map<string, Position> {
  const plan = new Plan({ multigraph: false });
  plan.setGraph({ rankdir: "TB", nodesep: 32, ranksep: 38 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes) plan.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to, labels } of graph.edges) {
    const letters = labels.join(", ").length;
    const size = letters > 0 ? { width: letters * LETTER_WIDTH, height: LABEL_HEIGHT } : {};
    plan.setEdge(from, to, { labelpos: "c", ...size });
  }
  layout(plan);
  return new Map(
    graph.nodes.map(({ id }) => {
      const { x = 0, y = 0 } = plan.node(id);
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
}

/** All that decides about the layers; the same text means the same positions. */
export function shapeOf(graph: Graph): string {
  const edges = graph.edges.map(({ id, labels }) => `${id} ${labels.join()}`);
  return JSON.stringify([graph.nodes.map(({ id }) => id), edges]);
}

/**
 * Cards stand where they were put. A card that nobody put anywhere keeps its place beside what leads to it: it moves as
 * far as that was moved.
 */
export function placed(
  graph: Graph,
  free: ReadonlyMap<string, Position>,
  put: Readonly<Record<string, Position>>,
): Map<string, Position> {
  const done = new Map<string, Position>();
  const above = new Map<string, string[]>();
  for (const { from, to } of graph.edges) above.set(to, [...(above.get(to) ?? []), from]);
  const origin = { x: 0, y: 0 };
  const at = (id: string) => free.get(id) ?? origin;

  function place(id: string, way: ReadonlySet<string>): Position {
    const known = done.get(id);
    if (known) return known;
    const own = Object.hasOwn(put, id) ? put[id] : undefined;
    const from = own ? undefined : above.get(id)?.find((each) => !way.has(each));
    const leading = from === undefined ? undefined : place(from, new Set([...way, id]));
    const moved =
      leading === undefined || from === undefined
        ? at(id)
        : { x: at(id).x + leading.x - at(from).x, y: at(id).y + leading.y - at(from).y };
    const position = own ?? moved;
    done.set(id, position);
    return position;
  }

  if (Object.keys(put).length === 0) return new Map(free);
  for (const { id } of graph.nodes) place(id, new Set());
  return done;
}
