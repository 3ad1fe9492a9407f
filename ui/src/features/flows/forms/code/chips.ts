/** Sets expressions apart from the text around them, and colours JSON. */
import type { Extension, Range } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from "@codemirror/view";
import { jsonTokens } from "@/design/jsonTokens";
import { expressionSpans, type Span } from "./expressionSpans";

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
  if (text.length > COLOURED_MAX_CHARS) return Decoration.none;
  const spans = hasExpressions ? expressionSpans(text) : [];
  const ranges = spans.map(({ from, to }) => chip.range(from, to));
  if (isJson) ranges.push(...coloursOf(text, spans));
  return Decoration.set(ranges, true);
}

/** An expression inside a string does not end it: for the colours it is only characters. */
function coloursOf(text: string, spans: Span[]): Range<Decoration>[] {
  let plain = "";
  for (const { from, to } of spans) plain += text.slice(plain.length, from) + "x".repeat(to - from);
  plain += text.slice(plain.length);
  const ranges: Range<Decoration>[] = [];
  let at = 0;
  for (const { kind, text: piece } of jsonTokens(plain)) {
    const end = at + piece.length;
    if (kind !== "plain" && kind !== "faint") {
      for (const [from, to] of without(at, end, spans)) ranges.push(json[kind].range(from, to));
    }
    at = end;
  }
  return ranges;
}

/** The pieces of a stretch that no span covers. */
function without(from: number, to: number, spans: Span[]): [number, number][] {
  const pieces: [number, number][] = [];
  let at = from;
  for (const span of spans) {
    if (span.to <= at || span.from >= to) continue;
    if (span.from > at) pieces.push([at, span.from]);
    at = span.to;
  }
  return at < to ? [...pieces, [at, to]] : pieces;
}
