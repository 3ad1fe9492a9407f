/** Sets expressions apart from the text around them, and colours JSON. */
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from "@codemirror/view";
import { jsonTokens } from "@/design/jsonTokens";
import { expressionSpans } from "./expressionSpans";

/** Longer texts are only text: nobody reads colours in them. */
const COLOURED_MAX_CHARS = 200_000;

const chip = Decoration.mark({ class: "cm-chip" });
const json = {
  key: Decoration.mark({ class: "cm-json-key" }),
  string: Decoration.mark({ class: "cm-json-string" }),
  literal: Decoration.mark({ class: "cm-json-literal" }),
  mask: Decoration.mark({ class: "cm-json-mask" }),
};

export function chips(options: { isJson: boolean; hasExpressions: boolean }): Extension {
  const build = (view: EditorView) =>
    decorationsOf(view.state.doc.toString(), options.isJson, options.hasExpressions);
  return ViewPlugin.define(
    (view) => ({
      decorations: build(view),
      update(update) {
        if (update.docChanged) this.decorations = build(update.view);
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
}

function decorationsOf(text: string, isJson: boolean, hasExpressions: boolean): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  if (text.length > COLOURED_MAX_CHARS) return builder.finish();
  let at = 0;
  const spans = hasExpressions ? expressionSpans(text) : [];
  for (const span of [...spans, { from: text.length, to: text.length }]) {
    if (isJson) colour(text.slice(at, span.from), at, builder);
    if (span.to > span.from) builder.add(span.from, span.to, chip);
    at = span.to;
  }
  return builder.finish();
}

function colour(text: string, start: number, builder: RangeSetBuilder<Decoration>) {
  let at = start;
  for (const token of jsonTokens(text)) {
    const end = at + token.text.length;
    const { kind } = token;
    if (kind !== "plain" && kind !== "faint") builder.add(at, end, json[kind]);
    at = end;
  }
}
