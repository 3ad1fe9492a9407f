/** The flow as a list: everything in the drawing, in an order that can be read aloud, and all that can be done with it. */
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import {
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
} from "react";
import { CutText } from "@/design";
import { rowsDrawn, scrollToRow, useRowWindow, type Heights } from "@/design/rowWindow";
import { statusLook } from "@/design/status";
import { useTranslation } from "@/i18n";
import { PLAIN, type CardLook, type Looks } from "./canvas/looks";
import { text } from "./document";
import classes from "./FlowPage.module.css";
import { outlineOf, type Graph, type GraphNode } from "./graph";
import { NodeIcon } from "./NodeIcon";
import { useNodeWords } from "./nodeLook";
import { SidePane } from "./SidePane";

interface OutlineProps {
  graph: Graph;
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  looks?: Looks;
  /** Enter on a row: on to what is shown of it. */
  onEnter?: () => void;
  onMenu?: (at: { x: number; y: number }) => void;
}

const INDENT_PX = 14;
/** What each level leaves of the room that indents may take, which is a share of the outline's width. */
const LEAVES = 2 / 3;
/** The deeper, the smaller the step: room for the names is left at any depth. */
const indentOf = (depth: number) =>
  ({
    "--indent": `${depth * INDENT_PX}px`,
    "--share": (1 - LEAVES ** depth).toFixed(3),
  }) as CSSProperties;
/** As in the styles: a row, and the title with the room around it. */
const HEIGHTS: Heights = { rowPx: 28, headPx: 38 };

export function Outline(props: OutlineProps) {
  const { graph, selected, onSelect, looks = PLAIN, onEnter, onMenu } = props;
  const { t } = useTranslation(["flows", "editor", "common"]);
  const words = useNodeWords();
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const wantsFocus = useRef(false);
  const [focused, setFocused] = useState<string>();
  const rows = useMemo(() => outlineOf(graph), [graph]);
  const nodes = useMemo(() => rows.map(({ node }) => node), [rows]);
  const shown = useRowWindow(nodes, scroller, HEIGHTS);
  const last = selected.at(-1);
  const indexOf = (id: string | undefined) => nodes.findIndex((node) => node.id === id);
  const held = indexOf(focused);
  // Where nothing is selected any more, the keys go on from the row that they had come to.
  const current = Math.max(0, last === undefined ? held : indexOf(last));

  // What is selected elsewhere, on the canvas or by a link, comes into sight here too.
  useEffect(() => {
    if (last !== undefined) scrollToRow(scroller.current, current, HEIGHTS);
  }, [last, current]);

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    list.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
  }, [current]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && onEnter) {
      event.preventDefault();
      return onEnter();
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, current + step));
    const node = nodes[next];
    if (!node) return;
    wantsFocus.current = next !== current;
    choose(node.id, event.shiftKey);
  }

  /** With Shift or Ctrl one more is selected, or one less. */
  function choose(id: string, isMore: boolean) {
    if (!isMore) return onSelect([id]);
    const others = selected.filter((each) => each !== id);
    const isDropped = selected.at(-1) === id && others.length > 0;
    onSelect(isDropped ? others : [...others, id]);
  }

  function onClick(event: MouseEvent) {
    const id = idOf(event);
    if (id !== undefined) choose(id, event.shiftKey || event.ctrlKey || event.metaKey);
  }

  function openMenu(event: MouseEvent) {
    const [id, row] = [idOf(event), rowOf(event)];
    if (!onMenu || !row || id === undefined) return;
    event.preventDefault();
    if (!selected.includes(id)) onSelect([id]);
    const box = row.getBoundingClientRect();
    // From the keyboard there is no pointer: the menu opens at the row.
    const isKey = event.clientX === 0 && event.clientY === 0;
    onMenu(isKey ? { x: box.left + 24, y: box.bottom } : { x: event.clientX, y: event.clientY });
  }

  // The row that has the focus stays while it is out of sight, and the one that the Tab key leads to.
  const always = [current, held].filter((at) => at >= 0 && at < rows.length);
  return (
    <SidePane name="outline">
      <nav ref={scroller} className={classes.outline} aria-label={t("flows:outline.title")}>
        <h2 className={classes.outlineTitle}>{t("flows:outline.title")}</h2>
        <ul
          ref={list}
          style={{ height: rows.length * HEIGHTS.rowPx }}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onContextMenu={openMenu}
          onFocus={(event) => setFocused(idOf(event))}
        >
          {rowsDrawn(shown, always).map((at) => {
            const row = rows[at];
            return (
              row && (
                <Row
                  key={row.node.id}
                  node={row.node}
                  depth={row.depth}
                  codes={row.codes}
                  at={at}
                  count={rows.length}
                  isSelected={selected.includes(row.node.id)}
                  isCurrent={at === current}
                  look={looks.cards.get(row.node.id)}
                  words={words}
                  t={t}
                />
              )
            );
          })}
        </ul>
        <span className="sr-only">{t("flows:outline.keys")}</span>
      </nav>
    </SidePane>
  );
}

/** One handler stands for those of all rows. */
const rowOf = ({ target }: { target: EventTarget }) =>
  target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
const idOf = (event: { target: EventTarget }) => rowOf(event)?.dataset.row;

interface RowProps extends RowWordsProps {
  depth: number;
  /** Where it stands among so many. */
  at: number;
  count: number;
  isSelected: boolean;
  isCurrent: boolean;
}

const Row = memo(function Row(props: RowProps) {
  const { node, depth, at, count, isSelected, isCurrent, look } = props;
  return (
    <li style={{ top: at * HEIGHTS.rowPx }} aria-posinset={at + 1} aria-setsize={count}>
      <button
        type="button"
        className={classes.outlineRow}
        style={indentOf(depth)}
        data-tip-cut={tipOf(props)}
        aria-current={isSelected}
        data-row={node.id}
        data-found={look?.isFound || undefined}
        tabIndex={isCurrent ? 0 : -1}
      >
        <RowWords {...props} />
      </button>
    </li>
  );
});

interface RowWordsProps {
  node: GraphNode;
  codes: string[];
  look: CardLook | undefined;
  /** Asked for once for all rows. */
  words: ReturnType<typeof useNodeWords>;
  t: ReturnType<typeof useTranslation<["flows", "editor", "common"]>>["t"];
}

/** Names of steps often differ at their end, which stays where there is no room for all of it. */
const END_CHARS = 6;

const tipOf = (props: RowWordsProps) => `${props.words.name(props.node)} · ${kindOf(props)}`;

function kindOf({ node, codes, t }: RowWordsProps): string {
  if (codes.length > 0) return codes.join(", ");
  return node.kind === "step" ? text(node.part?.fields.kind) : t(`flows:node.${node.kind}`);
}

function RowWords(props: RowWordsProps) {
  const { node, look, words, t } = props;
  const Alert = node.severity === "error" ? IconAlertCircle : IconAlertTriangle;
  const state = look?.status ? statusLook(look.status) : null;
  return (
    <>
      <NodeIcon node={node} />
      <CutText text={words.name(node)} endChars={END_CHARS} />
      <span
        className={classes.outlineKind}
        data-severity={(!state && node.severity) || undefined}
        data-tone={state?.tone}
      >
        {state && (
          <>
            <state.Icon size={14} stroke={2} aria-hidden />
            <span className="sr-only">
              {state.name ? t(`common:status.${state.name}`) : look?.status}
            </span>
          </>
        )}
        {!state && node.severity && (
          <>
            <Alert size={14} stroke={1.75} aria-hidden />
            <span className="sr-only">
              {t(node.severity === "error" ? "flows:errors" : "flows:warnings", { count: 1 })}
            </span>
          </>
        )}
        <span className="truncate">
          {look?.mark ? t(`editor:change.${look.mark}`) : kindOf(props)}
        </span>
      </span>
    </>
  );
}
