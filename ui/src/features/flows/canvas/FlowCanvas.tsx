/** The drawing of a flow, to look at and to select in. Loaded only with the page that shows it. */
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
  type AriaLabelConfig,
  type Edge,
  type Node,
  type NodeChange,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useEffect, useMemo } from "react";
import { useTranslation } from "@/i18n";
import type { Graph, GraphNode } from "../graph";
import { useNodeWords } from "../nodeLook";
import { CanvasControls } from "./CanvasControls";
import classes from "./FlowCanvas.module.css";
import { FlowEdge, type EdgeData } from "./FlowEdge";
import { NodeCard, type CardData } from "./NodeCard";
import { NODE_HEIGHT, NODE_WIDTH, positionsOf } from "./layout";

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };
const MINIMAP_FROM_NODES = 30;
// Below, there is room for the zoom buttons.
const FIT = { padding: { x: "24px", top: "24px", bottom: "64px" }, maxZoom: 1 } as const;

interface FlowCanvasProps {
  graph: Graph;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}

export default function FlowCanvas({ graph, selected, onSelect }: FlowCanvasProps) {
  const { t } = useTranslation("flows");
  const nodes = useCards(graph, selected);
  const edges = useMemo(() => graph.edges.map(toEdge), [graph.edges]);
  const aria = useAriaLabels();

  // The keyboard selects through changes; the pointer too, so this is the only way in.
  function onNodesChange(changes: NodeChange<Node<CardData>>[]) {
    for (const change of changes) {
      if (change.type === "select" && change.selected) onSelect(change.id);
    }
  }

  return (
    <div className={classes.canvas} role="region" aria-label={t("canvas.label")}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onPaneClick={() => onSelect(undefined)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        minZoom={0.2}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        ariaLabelConfig={aria}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
        {graph.nodes.length >= MINIMAP_FROM_NODES && <MiniMap pannable zoomable />}
        <CanvasControls fit={FIT} />
        <FitToRoom />
      </ReactFlow>
    </div>
  );
}

/** When the room for the drawing changes, as by a panel beside it, the whole of it stays in sight. */
function FitToRoom() {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (width > 0 && height > 0) void fitView(FIT);
  }, [fitView, width, height]);
  return null;
}

function useCards(graph: Graph, selected: string | undefined): Node<CardData>[] {
  const words = useNodeWords();
  const positions = useMemo(() => positionsOf(graph), [graph]);
  return useMemo(
    () =>
      graph.nodes.map((node: GraphNode) => ({
        id: node.id,
        type: "card",
        position: positions.get(node.id) ?? { x: 0, y: 0 },
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        selected: node.id === selected,
        ariaLabel: `${words.name(node)}, ${words.kind(node)}, ${words.line(node)}`,
        data: { node },
      })),
    [graph, positions, selected, words],
  );
}

function toEdge({ id, from, to, labels }: Graph["edges"][number]): Edge<EdgeData> {
  return { id, source: from, target: to, type: "flow", data: { labels } };
}

function useAriaLabels(): Partial<AriaLabelConfig> {
  const { t } = useTranslation("flows");
  return useMemo(
    () => ({
      "node.a11yDescription.default": t("canvas.nodeHelp"),
      "node.a11yDescription.keyboardDisabled": t("canvas.nodeHelp"),
      "edge.a11yDescription.default": t("canvas.edgeHelp"),
      "minimap.ariaLabel": t("canvas.minimap"),
    }),
    [t],
  );
}
