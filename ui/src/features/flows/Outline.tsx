/** The flow as a list: everything in the drawing, in an order that can be read aloud. */
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { useRef, type KeyboardEvent } from "react";
import { useTranslation } from "@/i18n";
import { text } from "./document";
import classes from "./FlowPage.module.css";
import { outlineOf, type Graph, type GraphNode } from "./graph";
import { NodeIcon } from "./NodeIcon";
import { useNodeWords } from "./nodeLook";

interface OutlineProps {
  graph: Graph;
  selected: string | undefined;
  onSelect: (id: string) => void;
}

const INDENT_PX = 14;

export function Outline({ graph, selected, onSelect }: OutlineProps) {
  const { t } = useTranslation("flows");
  const list = useRef<HTMLUListElement>(null);
  const rows = outlineOf(graph);
  const current = Math.max(
    0,
    rows.findIndex(({ node }) => node.id === selected),
  );

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, current + step));
    const row = rows[next];
    if (!row) return;
    onSelect(row.node.id);
    list.current?.querySelectorAll("button")[next]?.focus();
  }

  return (
    <nav className={classes.outline} aria-label={t("outline.title")}>
      <h2 className={classes.outlineTitle}>{t("outline.title")}</h2>
      <ul ref={list} onKeyDown={onKeyDown}>
        {rows.map(({ node, depth, codes }, at) => (
          <li key={node.id}>
            <button
              type="button"
              className={classes.outlineRow}
              style={{ paddingLeft: 8 + depth * INDENT_PX }}
              aria-current={node.id === selected}
              tabIndex={at === current ? 0 : -1}
              onClick={() => onSelect(node.id)}
            >
              <RowWords node={node} codes={codes} />
            </button>
          </li>
        ))}
      </ul>
      <span className="sr-only">{t("outline.keys")}</span>
    </nav>
  );
}

function RowWords({ node, codes }: { node: GraphNode; codes: string[] }) {
  const { t } = useTranslation("flows");
  const words = useNodeWords();
  const own = node.kind === "step" ? text(node.part?.fields.kind) : t(`node.${node.kind}`);
  const Alert = node.severity === "error" ? IconAlertCircle : IconAlertTriangle;
  const kind = codes.length > 0 ? codes.join(", ") : own;
  return (
    <>
      <NodeIcon node={node} />
      <span className="truncate">{words.name(node)}</span>
      <span className={classes.outlineKind} data-severity={node.severity ?? undefined}>
        {node.severity && (
          <>
            <Alert size={14} stroke={1.75} aria-hidden />
            <span className="sr-only">
              {t(node.severity === "error" ? "errors" : "warnings", { count: 1 })}
            </span>
          </>
        )}
        {kind}
      </span>
    </>
  );
}
