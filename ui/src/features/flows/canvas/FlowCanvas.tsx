/** The drawing of a flow: to look at, to select in, and with `edit` to change. Loaded only with the page that shows it. */
import { ReactFlow, type AriaLabelConfig, type NodeChange } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useDeferredValue, useMemo, useState, type MouseEvent, type RefObject } from "react";
import { useTranslation } from "@/i18n";
import type { Layout } from "../editor/commands";
import type { Graph } from "../graph";
import { FAR_ZOOM, FIT, leastZoom, useBegin, ZOOM, type Begin } from "./begin";
import { CanvasControls } from "./CanvasControls";
import { CanvasProvider, type CanvasEdit } from "./canvasEdit";
import { Dots } from "./Dots";
import { FarDrawing } from "./FarDrawing";
import classes from "./FlowCanvas.module.css";
import { FlowEdge } from "./FlowEdge";
import { PLAIN, type Looks } from "./looks";
import { NodeCard } from "./NodeCard";
import { Distance, Overview, Reach, Show, Stand, StoreFor, type Shown } from "./Sight";
import { Walk } from "./Walk";
import { useCards, useLines, type Card, type Line } from "./useCards";
import { useDragged } from "./useDragged";
import { useMoving } from "./useMoving";

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };
const MINIMAP_FROM_NODES = 30;
/** In the drawing's own pixels: how near to a card a line is let go to lead there. From far away all of it is near. */
const REACH = { near: 36, far: 120 };
/** From so many on, only cards in sight are drawn, and they are plain while they are far away. */
const PLAIN_FROM_NODES = 60;
const MULTI_KEYS = ["Shift", "Meta", "Control"];
const NO_LAYOUT: Layout = {};
const NO_LINES: Line[] = [];

interface FlowCanvasProps {
  graph: Graph;
  layout?: Layout;
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  looks?: Looks;
  edit?: CanvasEdit;
  show?: Shown;
}

export default function FlowCanvas(props: FlowCanvasProps) {
  const { graph, layout = NO_LAYOUT, selected, looks = PLAIN } = props;
  const { t } = useTranslation("flows");
  const cards = useCards(graph, layout, selected, looks);
  const lines = useLines(graph, looks);
  const { room, begin } = useBegin(cards, selected.at(-1));
  return (
    <div ref={room} className={classes.canvas} role="region" aria-label={t("canvas.label")}>
      {begin && <Drawing {...props} room={room} cards={cards} lines={lines} begin={begin} />}
    </div>
  );
}

interface DrawingProps extends FlowCanvasProps {
  room: RefObject<HTMLElement | null>;
  cards: Card[];
  lines: Line[];
  begin: Begin;
}

function Drawing(props: DrawingProps) {
  const { room, graph, selected, onSelect, edit, show, cards, lines, begin } = props;
  const { t } = useTranslation(["editor", "flows"]);
  const isLarge = graph.nodes.length >= PLAIN_FROM_NODES;
  const [isFar, setFar] = useState(isLarge && begin.viewport.zoom < FAR_ZOOM);
  // Words come to hundreds of cards piece by piece, so that a zoom does not stop for them.
  const isPlain = useDeferredValue(isFar);
  const canvas = useMemo(() => ({ edit: edit ?? null, isFar: isPlain, t }), [edit, isPlain, t]);
  const { shown, onPositions } = useDragged(cards, edit?.onMove);
  const aria = useAriaLabels(edit !== undefined);
  const isEdited = edit !== undefined;
  // As it is before its room is measured; from then on `Reach` tells.
  const [least] = useState(() => leastZoom(cards, begin.size));
  const { onStore, moving } = useMoving({ room, begin: begin.viewport, isLarge });

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
    <CanvasProvider value={canvas}>
      <ReactFlow
        nodes={shown}
        edges={isPlain ? NO_LINES : lines}
        // The outline has them all, for those who go through it by keys.
        onlyRenderVisibleElements={isLarge}
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
        connectionRadius={isPlain ? REACH.far : REACH.near}
        edgesFocusable={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={isEdited ? MULTI_KEYS : null}
        selectionKeyCode={isEdited ? "Shift" : null}
        {...moving}
        minZoom={least}
        maxZoom={ZOOM.max}
        width={begin.size.width}
        height={begin.size.height}
        defaultViewport={begin.viewport}
        ariaLabelConfig={aria}
        proOptions={{ hideAttribution: true }}
      >
        <Dots />
        {(isLarge || isPlain) && (
          <FarDrawing cards={isPlain ? shown : cards} lines={lines} isFar={isPlain} />
        )}
        {graph.nodes.length >= MINIMAP_FROM_NODES && <Overview />}
        <CanvasControls fit={FIT} />
        <StoreFor onStore={onStore} />
        <Reach cards={cards} />
        <Stand begin={begin} cards={cards} selected={selected} />
        <Walk cards={cards} lines={lines} isEdited={isEdited} />
        <Distance isLarge={isLarge} onChange={setFar} />
        {show && <Show show={show} />}
      </ReactFlow>
    </CanvasProvider>
  );
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
