/** The flow as a list: everything in the drawing, in an order that can be read aloud, and all that can be done with it. */
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import {
  memo,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from "react";
import { statusLook } from "@/design/status";
import { useTranslation } from "@/i18n";
import { PLAIN, type CardLook, type Looks } from "./canvas/looks";
import { text } from "./document";
import classes from "./FlowPage.module.css";
import { outlineOf, type Graph, type GraphNode } from "./graph";
import { NodeIcon } from "./NodeIcon";
import { useNodeWords } from "./nodeLook";

interface OutlineProps {
  graph: Graph;
  selected: readonly string[];
  onSelect: (ids: readonly string[]) => void;
  looks?: Looks;
  /** Enter on a row: on to what is shown of it. */
  onEnter?: () => void;
  onMenu?: (at: { x: number; y: number }) => void;
  /** Below the list. */
  children?: ReactNode;
}

const INDENT_PX = 14;
/** About what a window shows. The other rows of a longer flow come a moment later, after its drawing. */
const ROWS_AT_FIRST = 60;

export function Outline(props: OutlineProps) {
  const { graph, selected, onSelect, looks = PLAIN, onEnter, onMenu, children } = props;
  const { t } = useTranslation(["flows", "editor", "common"]);
  const words = useNodeWords();
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => outlineOf(graph), [graph]);
  const isAll = useDeferredValue(true, rows.length <= ROWS_AT_FIRST);
  const last = selected.at(-1);
  const current = Math.max(
    0,
    rows.findIndex(({ node }) => node.id === last),
  );

  // What is selected elsewhere, on the canvas or by a link, comes into sight here too.
  useEffect(() => {
    if (last !== undefined) {
      list.current?.querySelectorAll("button")[current]?.scrollIntoView({ block: "nearest" });
    }
  }, [last, current, isAll]);

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
    const row = rows[next];
    if (!row) return;
    choose(row.node.id, event.shiftKey);
    list.current?.querySelectorAll("button")[next]?.focus();
  }

  /** With Shift or Ctrl one more is selected, or one less. */
  function choose(id: string, isMore: boolean) {
    if (!isMore) return onSelect([id]);
    const others = selected.filter((each) => each !== id);
    const isDropped = selected.at(-1) === id && others.length > 0;
    onSelect(isDropped ? others : [...others, id]);
  }

  function openMenu(event: MouseEvent, id: string) {
    if (!onMenu) return;
    event.preventDefault();
    if (!selected.includes(id)) onSelect([id]);
    const box = event.currentTarget.getBoundingClientRect();
    // From the keyboard there is no pointer: the menu opens at the row.
    const isKey = event.clientX === 0 && event.clientY === 0;
    onMenu(isKey ? { x: box.left + 24, y: box.bottom } : { x: event.clientX, y: event.clientY });
  }

  return (
    <nav className={classes.outline} aria-label={t("flows:outline.title")}>
      <h2 className={classes.outlineTitle}>{t("flows:outline.title")}</h2>
      <ul ref={list} onKeyDown={onKeyDown}>
        {(isAll ? rows : rows.slice(0, ROWS_AT_FIRST)).map(({ node, depth, codes }, at) => (
          <li key={node.id}>
            <button
              type="button"
              className={classes.outlineRow}
              style={{ paddingLeft: 8 + depth * INDENT_PX }}
              aria-current={selected.includes(node.id)}
              data-found={looks.cards.get(node.id)?.isFound || undefined}
              tabIndex={at === current ? 0 : -1}
              onClick={(event) => choose(node.id, event.shiftKey || event.ctrlKey || event.metaKey)}
              onContextMenu={(event) => openMenu(event, node.id)}
            >
              <RowWords
                node={node}
                codes={codes}
                look={looks.cards.get(node.id)}
                words={words}
                t={t}
              />
            </button>
          </li>
        ))}
      </ul>
      {children}
      <span className="sr-only">{t("flows:outline.keys")}</span>
    </nav>
  );
}

interface RowWordsProps {
  node: GraphNode;
  codes: string[];
  look: CardLook | undefined;
  /** Asked for once for all rows. */
  words: ReturnType<typeof useNodeWords>;
  t: ReturnType<typeof useTranslation<["flows", "editor", "common"]>>["t"];
}

const RowWords = memo(function RowWords({ node, codes, look, words, t }: RowWordsProps) {
  const own = node.kind === "step" ? text(node.part?.fields.kind) : t(`flows:node.${node.kind}`);
  const Alert = node.severity === "error" ? IconAlertCircle : IconAlertTriangle;
  const kind = codes.length > 0 ? codes.join(", ") : own;
  const state = look?.status ? statusLook(look.status) : null;
  return (
    <>
      <NodeIcon node={node} />
      <span className="truncate">{words.name(node)}</span>
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
        {look?.mark ? t(`editor:change.${look.mark}`) : kind}
      </span>
    </>
  );
});
