/** Positions for the drawing: layers from top to bottom. */
import { Graph as Layout, layout } from "@dagrejs/dagre";
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
  const plan = new Layout({ multigraph: false });
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
