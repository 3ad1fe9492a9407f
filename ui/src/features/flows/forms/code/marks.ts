/** Places in a text that are marked from outside: what is wrong, and where. */
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

export interface Mark {
  from: number;
  to: number;
  /** Shown on hover. */
  message: string;
  /** The whole line is marked, as for an error that only names a line. */
  isLine?: boolean;
}

const setMarks = StateEffect.define<Mark[]>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = decorationsOf(effect.value, transaction.state.doc.length);
    }
    return next;
  },
  provide: (of) => EditorView.decorations.from(of),
});

export const marks: Extension = field;

export function showMarks(view: EditorView, shown: Mark[]): void {
  view.dispatch({ effects: setMarks.of(shown) });
}

function decorationsOf(shown: Mark[], length: number): DecorationSet {
  const ranges = shown.flatMap((mark) => {
    const from = Math.min(Math.max(0, mark.from), length);
    const to = Math.min(Math.max(from, mark.to), length);
    const attributes = { title: mark.message };
    if (mark.isLine) return [Decoration.line({ class: "cm-wrong-line", attributes }).range(from)];
    // Nothing can be underlined at the end of a text: the character before it is.
    const start = from === to ? Math.max(0, from - 1) : from;
    const end = from === to && start === from ? Math.min(length, to + 1) : to;
    if (start === end) return [];
    return [Decoration.mark({ class: "cm-wrong", attributes }).range(start, end)];
  });
  return Decoration.set(ranges, true);
}
