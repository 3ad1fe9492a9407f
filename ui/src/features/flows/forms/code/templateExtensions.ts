/** What an editor of templates can do: complete names, close braces, stay on one line. */
import {
  autocompletion,
  completionStatus,
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { TemplateNames } from "@/api/types";
import { openExpression } from "./expressionSpans";
import { choicesAt, type NameOption } from "./templateCompletion";

const OPTIONS_MAX = 300;
const SAMPLE_MAX_CHARS = 44;

export interface CompletionWords {
  section: (section: NameOption["section"]) => { name: string; rank: number };
  type: (type: string) => string;
}

type Read = () => Promise<TemplateNames | null>;

/** Asks for the names once for a list; from then on the list follows each letter by itself. */
export function sourceOf(read: Read, words: () => CompletionWords) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    if (!context.explicit && !openExpression(text, context.pos)) return null;
    const known = await read();
    return known && resultOf(known, context);
  };

  function resultOf(known: TemplateNames, context: CompletionContext): CompletionResult | null {
    const text = context.state.doc.toString();
    const choice = choicesAt(text, context.pos, known, context.explicit);
    if (!choice) return null;
    const options = choice.options.slice(0, OPTIONS_MAX).map((each) => optionOf(each, words()));
    return {
      from: choice.from,
      options,
      filter: false,
      // While a list is waited for, Enter and the arrow keys would be lost.
      update: (_, __, ___, next) => resultOf(known, next),
    };
  }
}

export function completion(read: Read, words: () => CompletionWords): Extension {
  return [
    autocompletion({
      override: [sourceOf(read, words)],
      icons: false,
      aboveCursor: false,
      // The list is there only inside braces: who types on and presses Enter at once means what is marked.
      interactionDelay: 0,
    }),
    // A dialog around it would take the key that only closes the list.
    EditorView.contentAttributes.of((view) =>
      completionStatus(view.state) === null ? null : { "data-mantine-stop-propagation": "true" },
    ),
  ];
}

function optionOf(option: NameOption, words: CompletionWords): Completion {
  const { label, type, sample, section } = option;
  const short = sample === null ? "" : cut(sample);
  const detail = [type ? words.type(type) : "", short].filter(Boolean).join(" · ");
  return {
    label,
    detail,
    section: words.section(section),
    ...(sample !== null && sample.length > SAMPLE_MAX_CHARS ? { info: sample } : {}),
    apply: (view, _, from, to) => insert(view, option, from, to),
  };
}

function insert(view: EditorView, { apply, section }: NameOption, from: number, to: number) {
  const text = view.state.doc.toString();
  const isInside = openExpression(text, from) !== null;
  const isClosed = /^[^{}]*\}\}/.test(text.slice(to));
  const close = isInside && !isClosed ? "}}" : "";
  view.dispatch({
    changes: { from, to, insert: apply + close },
    selection: { anchor: from + apply.length },
    userEvent: section === "filters" ? "input.complete.filter" : "input.complete",
  });
}

function cut(sample: string): string {
  const line = sample.replace(/\s+/g, " ");
  return line.length <= SAMPLE_MAX_CHARS ? line : `${line.slice(0, SAMPLE_MAX_CHARS - 1)}…`;
}

/** `{{` brings its `}}`, typing that passes over it, and deleting one deletes both. */
export const braces: Extension = [
  EditorView.inputHandler.of((view, from, to, typed) => {
    const { doc } = view.state;
    const around = (a: number, b: number) => doc.sliceString(Math.max(0, a), b);
    if (typed === "{" && from === to && around(from - 1, from) === "{") {
      if (around(from - 2, from) === "{{" || around(from, from + 1) === "{") return false;
      view.dispatch({
        changes: { from, insert: "{}}" },
        selection: { anchor: from + 1 },
        userEvent: "input.type",
      });
      startCompletion(view);
      return true;
    }
    const passes =
      typed === "}" && around(from, from + 1) === "}" && openExpression(doc.toString(), from);
    if (!passes || from !== to) return false;
    view.dispatch({ selection: { anchor: from + 1 } });
    return true;
  }),
  Prec.high(
    keymap.of([
      {
        key: "Backspace",
        run: (view) => {
          const { head, empty } = view.state.selection.main;
          if (!empty || view.state.sliceDoc(head - 2, head + 2) !== "{{}}") return false;
          view.dispatch({
            changes: { from: head - 2, to: head + 2 },
            userEvent: "delete.backward",
          });
          return true;
        },
      },
    ]),
  ),
];

/** Pasted lines become one. A text that has several already keeps them. */
export const oneLine: Extension = [
  EditorState.transactionFilter.of((transaction) => {
    const isTyped = transaction.isUserEvent("input") && transaction.newDoc.lines > 1;
    if (!isTyped || transaction.startState.doc.lines > 1) return transaction;
    const text = transaction.newDoc.toString();
    const joined = text.replace(/\s*\n\s*/g, " ");
    const end = joined.length - (text.length - transaction.newSelection.main.head);
    return [
      transaction,
      {
        changes: { from: 0, to: text.length, insert: joined },
        selection: { anchor: Math.max(0, end) },
        sequential: true,
      },
    ];
  }),
  keymap.of([{ key: "Enter", run: () => true }]),
];
