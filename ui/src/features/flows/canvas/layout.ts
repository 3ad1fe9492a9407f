/** Positions for the drawing: where cards were put, and for all others layers from top to bottom. */
import type { Graph } from "../graph";
import { arrange, layersOf, spread, type Plan } from "./layers";

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 61;
const LAYER_GAP = 38;
const LABEL_HEIGHT = 22;

export interface Position {
  x: number;
  y: number;
}

/** The upper left corner of every node, by its id: in layers from top to bottom. */
export function positionsOf(graph: Graph): Map<string, Position> {
  const plan = layersOf(graph);
  arrange(plan);
  const xs = spread(plan);
  const tops = topsOf(graph, plan);
  return new Map(
    graph.nodes.map(({ id }, node) => {
      const x = (xs[node] ?? 0) - NODE_WIDTH / 2;
      return [id, { x, y: tops[plan.layerOf[node] ?? 0] ?? 0 }];
    }),
  );
}

/** Where the layers begin: words on the lines between two of them get a line of their own. */
function topsOf({ nodes, edges }: Graph, { layerOf, layers }: Plan): number[] {
  const place = new Map(nodes.map(({ id }, node) => [id, node]));
  const gaps = layers.map(() => LAYER_GAP);
  for (const { from, to, labels } of edges) {
    const [above, below] = [place.get(from), place.get(to)].map((node) => layerOf[node ?? 0] ?? 0);
    // The words stand in the middle of the line.
    const at = Math.floor(((above ?? 0) + (below ?? 0) - 1) / 2);
    if (labels.length > 0) gaps[at] = LAYER_GAP + LABEL_HEIGHT;
  }
  let top = 0;
  return gaps.map((gap) => {
    const own = top;
    top += NODE_HEIGHT + gap;
    return own;
  });
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
