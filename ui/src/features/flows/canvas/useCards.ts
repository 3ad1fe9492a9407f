/** The graph as the canvas takes it. What did not change stays the same object, so that it is not drawn again. */
import type { Edge, Node } from "@xyflow/react";
import { useMemo, useState } from "react";
import { useTranslation } from "@/i18n";
import { statusLook } from "@/design/status";
import type { Layout } from "../editor/commands";
import type { Graph, GraphEdge, GraphNode } from "../graph";
import { useNodeWords } from "../nodeLook";
import { NODE_HEIGHT, NODE_WIDTH, placed, positionsOf, shapeOf } from "./layout";
import type { CardLook, EdgeLook, Looks } from "./looks";

export type CardData = Record<string, unknown> & { node: GraphNode; look: CardLook | undefined };
export type EdgeData = Record<string, unknown> & { edge: GraphEdge; look: EdgeLook | undefined };
export type Card = Node<CardData>;
export type Line = Edge<EdgeData>;

export function useCards(
  graph: Graph,
  layout: Layout,
  selected: readonly string[],
  looks: Looks,
): Card[] {
  const words = useNodeWords();
  const { t } = useTranslation(["editor", "common"]);
  const shape = shapeOf(graph);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the shape is all of the graph that counts
  const free = useMemo(() => positionsOf(graph), [shape]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  const positions = useMemo(() => placed(graph, free, layout), [free, layout]);
  const [reuse] = useState(createReuse);
  return useMemo(() => {
    const chosen = new Set(selected);
    const cards = graph.nodes.map((node): Card => {
      const look = looks.cards.get(node.id);
      return {
        id: node.id,
        type: "card",
        position: positions.get(node.id) ?? { x: 0, y: 0 },
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        selected: chosen.has(node.id),
        ariaLabel: [words.name(node), words.kind(node), words.line(node), ...lookWords(look)]
          .filter(Boolean)
          .join(", "),
        data: { node, look },
      };
    });
    return reuse(cards);

    function lookWords(look: CardLook | undefined): string[] {
      const name = look?.status && statusLook(look.status).name;
      return [
        name ? t(`common:status.${name}`) : (look?.status ?? ""),
        look?.mark ? t(`editor:change.${look.mark}`) : "",
      ];
    }
  }, [graph, positions, selected, looks, words, t, reuse]);
}

/** Gives the cards of the last time for those that are the same. */
function createReuse(): (cards: Card[]) => Card[] {
  let before = new Map<string, Card>();
  return (cards) => {
    const next = cards.map((card) => {
      const known = before.get(card.id);
      return known && isSame(known, card) ? known : card;
    });
    before = new Map(next.map((card) => [card.id, card]));
    return next;
  };
}

function isSame(left: Card, right: Card): boolean {
  const [was, is] = [left.data, right.data];
  return (
    left.position.x === right.position.x &&
    left.position.y === right.position.y &&
    left.selected === right.selected &&
    left.ariaLabel === right.ariaLabel &&
    was.node.severity === is.node.severity &&
    was.node.part?.fields === is.node.part?.fields &&
    was.look?.status === is.look?.status &&
    was.look?.mark === is.look?.mark &&
    was.look?.isFound === is.look?.isFound &&
    was.look?.isPinned === is.look?.isPinned
  );
}

export function useLines(graph: Graph, looks: Looks): Line[] {
  return useMemo(
    () =>
      graph.edges.map((edge) => ({
        id: edge.id,
        source: edge.from,
        target: edge.to,
        type: "flow",
        data: { edge, look: looks.edges.get(edge.id) },
      })),
    [graph.edges, looks.edges],
  );
}
