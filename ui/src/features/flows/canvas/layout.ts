/** Positions for the drawing: where cards were put, and for all others layers from top to bottom. */
import { Graph as Plan, layout } from "@dagrejs/dagre";
import type { Graph, GraphEdge, GraphNode } from "../graph";

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 61;
const LABEL_HEIGHT = 22;
const LETTER_WIDTH = 7;

export interface Position {
  x: number;
  y: number;
}

/**
 * The upper left corner of every node, by its id. A long flow is laid out in pieces, cut where all its ways come
 * together in one node: the time that layers take grows much faster than their number.
 */
export function positionsOf(graph: Graph): Map<string, Position> {
  return inPieces(graph) ?? layered(graph.nodes, graph.edges);
}

/** A smaller piece costs more to begin than it saves. */
const PIECE_NODES_MIN = 12;
/** So many times a piece grows by the next one, where its own end does not do. */
const GROWN_MAX = 3;

/** Null for what has no such nodes, or where one has another beside it: it is laid out as a whole. */
function inPieces({ nodes, edges }: Graph): Map<string, Position> | null {
  const order = inOrder(nodes, edges);
  if (!order) return null;
  const done = new Map<string, Position>();
  const place = new Map(order.map(({ id }, at) => [id, at]));
  const ends = [...waistsOf(order, edges), order.length - 1];
  let begin = 0;
  let grown = 0;
  for (const end of ends) {
    const isLast = end === order.length - 1;
    if (!isLast && end - begin + 1 < PIECE_NODES_MIN) continue;
    const piece = order.slice(begin, end + 1);
    const isIn = (id: string) => {
      const at = place.get(id) ?? -1;
      return at >= begin && at <= end;
    };
    const own = layered(
      piece,
      edges.filter(({ from, to }) => isIn(from) && isIn(to)),
    );
    const [top, bottom] = [piece[0]?.id ?? "", piece.at(-1)?.id ?? ""];
    if (begin > 0 && !isOutermost(own, top, -1)) return null;
    if (!isLast && !isOutermost(own, bottom, 1)) {
      if (++grown > GROWN_MAX) return null;
      continue;
    }
    // It begins where the one before it ends.
    const [was, is] = [done.get(top), own.get(top)];
    const by = was && is ? { x: was.x - is.x, y: was.y - is.y } : { x: 0, y: 0 };
    for (const [id, { x, y }] of own) done.set(id, { x: x + by.x, y: y + by.y });
    begin = end;
    grown = 0;
  }
  return done;
}

/** Nothing else stands as high (-1), or as low (1). */
function isOutermost(positions: ReadonlyMap<string, Position>, id: string, side: 1 | -1): boolean {
  const own = (positions.get(id)?.y ?? 0) * side;
  return [...positions].every(([other, { y }]) => other === id || y * side < own);
}

/** Every node after all that lead to it; null if the ways go in a circle. */
function inOrder(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[] | null {
  const waits = new Map(nodes.map(({ id }) => [id, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    waits.set(to, (waits.get(to) ?? 0) + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const order = nodes.filter(({ id }) => waits.get(id) === 0);
  for (const { id } of order) {
    for (const to of next.get(id) ?? []) {
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      const node = byId.get(to);
      if (left === 0 && node) order.push(node);
    }
  }
  return order.length === nodes.length ? order : null;
}

/** The places in the order that no edge goes past: whatever goes on below goes through that one node. */
function waistsOf(order: readonly GraphNode[], edges: readonly GraphEdge[]): number[] {
  const place = new Map(order.map(({ id }, at) => [id, at]));
  const reach = order.map(() => 0);
  for (const { from, to } of edges) {
    const at = place.get(from) ?? 0;
    reach[at] = Math.max(reach[at] ?? 0, place.get(to) ?? 0);
  }
  const waists: number[] = [];
  let furthest = 0;
  for (let at = 1; at < order.length - 1; at++) {
    furthest = Math.max(furthest, reach[at - 1] ?? 0);
    if (furthest <= at) waists.push(at);
  }
  return waists;
}

function layered(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, Position> {
  const plan = new Plan({ multigraph: false });
  plan.setGraph({ rankdir: "TB", nodesep: 32, ranksep: 38 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) plan.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to, labels } of edges) {
    const letters = labels.join(", ").length;
    const size = letters > 0 ? { width: letters * LETTER_WIDTH, height: LABEL_HEIGHT } : {};
    plan.setEdge(from, to, { labelpos: "c", ...size });
  }
  layout(plan);
  return new Map(
    nodes.map(({ id }) => {
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
