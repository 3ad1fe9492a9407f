/** How editors look: the workbench's own tokens, so that every theme fits. */
import { EditorView } from "@codemirror/view";

const TOOLTIP = {
  background: "var(--raised)",
  border: "1px solid var(--line-strong)",
  borderRadius: "var(--radius)",
  boxShadow: "var(--shadow)",
  color: "var(--text)",
};

export const look = EditorView.theme({
  "&": { fontSize: "12px", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "18px" },
  ".cm-content": { padding: "5px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 9px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { background: "transparent", border: "none", color: "var(--faint)" },
  ".cm-activeLineGutter": { background: "transparent", color: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-chip": {
    background: "var(--accent-soft)",
    color: "var(--accent-text)",
    borderRadius: "4px",
    padding: "1px 0",
  },
  ".cm-json-key": { color: "var(--accent-text)" },
  ".cm-json-string": { color: "var(--ok)" },
  ".cm-json-literal": { color: "var(--run)" },
  ".cm-json-mask": { color: "var(--wait)" },
  ".cm-wrong": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
  ".cm-wrong-line": { background: "var(--bad-soft)" },
  ".cm-placeholder": { color: "var(--faint)" },
  ".cm-tooltip": TOOLTIP,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: "12px",
    lineHeight: "18px",
    maxHeight: "240px",
    minWidth: "260px",
    maxWidth: "min(560px, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--accent-soft)",
    color: "var(--accent-text)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {
    font: "500 11px/16px var(--font)",
    color: "var(--faint)",
    padding: "6px 8px 2px",
    border: "none",
  },
  ".cm-completionLabel": { overflowWrap: "anywhere" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": {
    fontStyle: "normal",
    color: "var(--muted)",
    marginLeft: "10px",
  },
  ".cm-tooltip.cm-completionInfo": {
    ...TOOLTIP,
    font: "400 12px/16px var(--font)",
    padding: "6px 8px",
  },
});
