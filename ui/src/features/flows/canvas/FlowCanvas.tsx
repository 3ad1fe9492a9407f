/** The drawing of a flow: to look at, to select in, and with `edit` to change. Loaded only with the page that shows it. */
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
  type AriaLabelConfig,
  type NodeChange,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type MouseEvent } from "react";
import { useTranslation } from "@/i18n";
import type { Layout } from "../editor/commands";
import type { Graph } from "../graph";
import { CanvasControls } from "./CanvasControls";
import { CanvasProvider, type CanvasEdit } from "./canvasEdit";
import classes from "./FlowCanvas.module.css";
import { FlowEdge } from "./FlowEdge";
import { PLAIN, type Looks } from "./looks";
import { NodeCard } from "./NodeCard";
import { useCards, useLines, type Card } from "./useCards";
import { useDragged } from "./useDragged";

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };
const MINIMAP_FROM_NODES = 30;
const MULTI_KEYS = ["Shift", "Meta", "Control"];
// Below, there is room for the zoom buttons.
const FIT = { padding: { x: "24px", top: "24px", bottom: "64px" }, maxZoom: 1 } as const;
const NO_LAYOUT: Layout = {};

interface FlowCanvasProps {
  graph: Graph;
  layout?: Layout;
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  looks?: Looks;
  edit?: CanvasEdit;
  /** Brings these nodes into sight, all if none is named, each time `turn` grows. */
  show?: { ids: readonly string[]; turn: number };
}

export default function FlowCanvas(props: FlowCanvasProps) {
  const { graph, layout = NO_LAYOUT, selected, onSelect, looks = PLAIN, edit, show } = props;
  const { t } = useTranslation(["editor", "flows"]);
  const canvas = useMemo(() => ({ edit: edit ?? null, t }), [edit, t]);
  const cards = useCards(graph, layout, selected, looks);
  const lines = useLines(graph, looks);
  const { shown, onPositions } = useDragged(cards, edit?.onMove);
  const aria = useAriaLabels(edit !== undefined);
  const isEdited = edit !== undefined;

  // The keyboard selects through changes; the pointer too, so this is the only way in.
  function onNodesChange(changes: NodeChange<Card>[]) {
    const next = new Set(selected);
    for (const change of changes) {
      if (change.type !== "select") continue;
      if (change.selected) next.add(change.id);
      else next.delete(change.id);
    }
    if (next.size !== selected.length || selected.some((id) => !next.has(id))) onSelect([...next]);
    onPositions(changes);
  }

  function openMenu(event: MouseEvent | globalThis.MouseEvent, id?: string) {
    if (!edit) return;
    event.preventDefault();
    if (id !== undefined && !selected.includes(id)) onSelect([id]);
    edit.onMenu({ x: event.clientX, y: event.clientY });
  }

  return (
    <div className={classes.canvas} role="region" aria-label={t("flows:canvas.label")}>
      <CanvasProvider value={canvas}>
        <ReactFlow
          nodes={shown}
          edges={lines}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onPaneClick={() => onSelect([])}
          onConnect={({ source, target }) => edit?.onConnect({ from: source, to: target })}
          onConnectEnd={(_, { isValid, toNode, fromNode, fromHandle }) => {
            // Let go over nothing: what was pulled out is to lead to something new.
            if (!isValid && !toNode && fromNode && fromHandle?.type === "source") {
              edit?.onAddAfter(fromNode.id);
            }
          }}
          isValidConnection={({ source, target }) =>
            edit?.canConnect({ from: source, to: target }) ?? false
          }
          onNodeContextMenu={(event, { id }) => openMenu(event, id)}
          onSelectionContextMenu={(event) => openMenu(event)}
          onPaneContextMenu={(event) => openMenu(event)}
          nodesDraggable={isEdited}
          nodesConnectable={isEdited}
          connectionRadius={36}
          edgesFocusable={false}
          deleteKeyCode={null}
          multiSelectionKeyCode={isEdited ? MULTI_KEYS : null}
          selectionKeyCode={isEdited ? "Shift" : null}
          minZoom={0.1}
          maxZoom={2}
          fitView
          fitViewOptions={FIT}
          ariaLabelConfig={aria}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
          {graph.nodes.length >= MINIMAP_FROM_NODES && <Overview />}
          <CanvasControls fit={FIT} />
          <FitToRoom />
          {show && <Show show={show} />}
        </ReactFlow>
      </CanvasProvider>
    </div>
  );
}

/** Comes after the drawing that it is of. */
function Overview() {
  const isDrawn = useDeferredValue(true, false);
  return isDrawn && <MiniMap pannable zoomable />;
}

/**
 * When the room for the drawing changes, as by a panel beside it, or a card comes, the whole of it stays in sight: as
 * long as nobody has moved it.
 */
function FitToRoom() {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const count = useStore((state) => state.nodes.length);
  const isDragging = useStore((state) => state.paneDragging);
  const isHeld = useHeld();
  const wasMoved = useRef(false);
  useEffect(() => {
    wasMoved.current ||= isDragging;
  }, [isDragging]);
  useEffect(() => {
    if (width > 0 && height > 0 && !wasMoved.current && !isHeld) void fitView(FIT);
  }, [fitView, width, height, count, isHeld]);
  return null;
}

/** Whether something is held by the pointer: then the drawing must not move away below it. */
function useHeld(): boolean {
  const canvas = useStore((state) => state.domNode);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    const hold = () => setHeld(true);
    // After the click that may come with it, which has to meet what was pressed.
    const release = () => setTimeout(() => setHeld(false));
    canvas?.addEventListener("pointerdown", hold, true);
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
    return () => {
      canvas?.removeEventListener("pointerdown", hold, true);
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
    };
  }, [canvas]);
  return isHeld;
}

function Show({ show: { ids, turn } }: { show: NonNullable<FlowCanvasProps["show"]> }) {
  const { fitView } = useReactFlow();
  const wanted = useRef(ids);
  useEffect(() => {
    wanted.current = ids;
  });
  useEffect(() => {
    if (turn === 0) return;
    const nodes = wanted.current.map((id) => ({ id }));
    void fitView({ ...FIT, ...(nodes.length > 0 ? { nodes } : {}) });
  }, [turn, fitView]);
  return null;
}

function useAriaLabels(isEdited: boolean): Partial<AriaLabelConfig> {
  const { t } = useTranslation(["flows", "editor"]);
  return useMemo(() => {
    const help = isEdited ? t("editor:canvas.keys") : t("flows:canvas.nodeHelp");
    return {
      "node.a11yDescription.default": help,
      "node.a11yDescription.keyboardDisabled": help,
      "edge.a11yDescription.default": t("flows:canvas.edgeHelp"),
      "minimap.ariaLabel": t("flows:canvas.minimap"),
    };
  }, [t, isEdited]);
}
