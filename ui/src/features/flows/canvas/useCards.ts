/** The graph as the canvas takes it. What did not change stays the same object, so that it is not drawn again. */
import { Position, type Edge, type Node } from "@xyflow/react";
import { useMemo, useState } from "react";
import { useTranslation } from "@/i18n";
import { statusLook } from "@/design/status";
import type { Layout } from "../editor/commands";
import type { Graph, GraphEdge, GraphNode } from "../graph";
import { useNodeWords } from "../nodeLook";
import { NODE_HEIGHT, NODE_WIDTH, placed, positionsOf, shapeOf } from "./layout";
import type { CardLook, EdgeLook, Looks } from "./looks";

interface Said {
  name: string;
  line: string;
}
export type CardData = Record<string, unknown> &
  Said & { node: GraphNode; look: CardLook | undefined };
export type EdgeData = Record<string, unknown> & {
  edge: GraphEdge;
  /** The exit codes or the event, in words. */
  codes: string;
  look: EdgeLook | undefined;
};
export type Card = Node<CardData>;
export type Line = Edge<EdgeData>;

const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;

// The size and the ends of lines are known: nothing is measured before lines can be drawn.
const SIZE = { width: NODE_WIDTH, height: NODE_HEIGHT };
const MIDDLE = { x: NODE_WIDTH / 2, width: 0, height: 0 };
const HANDLES: NonNullable<Card["handles"]> = [
  { ...MIDDLE, type: "target", position: Position.Top, y: 0 },
  { ...MIDDLE, type: "source", position: Position.Bottom, y: NODE_HEIGHT },
];

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
  const [reuse] = useState(() => createReuse(isSameCard));
  // Only the document changes these words: not what is selected, and not a card that is moved.
  const said = useMemo(
    () =>
      graph.nodes.map((node) => {
        const [name, line] = [words.name(node), words.line(node)];
        return { name, line, label: [name, words.kind(node), line] };
      }),
    [graph, words],
  );
  return useMemo(() => {
    const chosen = new Set(selected);
    const cards = graph.nodes.map((node, at): Card => {
      const { name = "", line = "", label = [] } = said[at] ?? {};
      const look = looks.cards.get(node.id);
      return {
        id: node.id,
        type: "card",
        position: positions.get(node.id) ?? { x: 0, y: 0 },
        ...SIZE,
        measured: SIZE,
        handles: HANDLES,
        selected: chosen.has(node.id),
        ariaLabel: [...label, ...lookWords(look)].filter(Boolean).join(", "),
        data: { node, name, line, look },
      };
    });
    return reuse(cards);

    function lookWords(look: CardLook | undefined): string[] {
      const name = look?.status && statusLook(look.status).name;
      return [
        name ? t(`common:status.${name}`) : (look?.status ?? ""),
        look?.mark ? t(`editor:change.${look.mark}`) : "",
        look?.isPinned ? t("editor:canvas.pinned") : "",
      ];
    }
  }, [graph, said, positions, selected, looks, t, reuse]);
}

/** Gives the cards or lines of the last time for those that are the same. */
function createReuse<T extends { id: string }>(isSame: (left: T, right: T) => boolean) {
  let before = new Map<string, T>();
  return (items: T[]): T[] => {
    const next = items.map((item) => {
      const known = before.get(item.id);
      return known && isSame(known, item) ? known : item;
    });
    before = new Map(next.map((item) => [item.id, item]));
    return next;
  };
}

function isSameCard(left: Card, right: Card): boolean {
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
  const { t } = useTranslation("flows");
  const [reuse] = useState(() => createReuse(isSameLine));
  return useMemo(() => {
    const lines = graph.edges.map((edge) => ({
      id: edge.id,
      source: edge.from,
      target: edge.to,
      type: "flow",
      data: {
        edge,
        codes: edge.labels.map(codeWords).join(", "),
        look: looks.edges.get(edge.id),
      },
    }));
    return reuse(lines);

    function codeWords(label: string): string {
      const event = EVENTS.find((each) => each === label);
      if (event) return t(`event.${event}`);
      return label === "*" ? t("canvas.anyExit") : label;
    }
  }, [graph.edges, looks.edges, t, reuse]);
}

function isSameLine({ data: was }: Line, { data: is }: Line): boolean {
  return (
    was?.codes === is?.codes &&
    was?.look?.mark === is?.look?.mark &&
    was?.look?.isTaken === is?.look?.isTaken
  );
}
