/** An editor of the CodeMirror kind as a controlled field: text in, text out. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, tooltips } from "@codemirror/view";
import { useEffect, useRef, useState } from "react";
import { look } from "./look";

export interface EditorOptions {
  value: string;
  onChange: (value: string) => void;
  isReadOnly: boolean;
  /** Attributes of the text box: its label, its description, whether it is wrong. */
  attributes: Record<string, string>;
  /** What this editor can do; taken once. */
  extensions: () => Extension;
}

export function useEditor(options: EditorOptions) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(options);
  const [view, setView] = useState<EditorView | null>(null);
  const [outer] = useState(() => new Compartment());

  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    const { value, extensions } = latest.current;
    const made = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: [
          extensions(),
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          look,
          // What explains a choice may stand outside of the panel with the field: nothing there cuts it off.
          tooltips({ parent: document.body }),
          outer.of(outerOf(latest.current)),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text !== latest.current.value) latest.current.onChange(text);
          }),
        ],
      }),
    });
    setView(made);
    return () => made.destroy();
  }, [outer]);

  const { value, isReadOnly } = options;
  const attributes = JSON.stringify(options.attributes);
  useEffect(() => {
    view?.dispatch({ effects: outer.reconfigure(outerOf(latest.current)) });
  }, [view, outer, attributes, isReadOnly]);

  // Undo, a pasted command and the like change the text from outside.
  useEffect(() => {
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [view, value]);

  return { host, view };
}

function outerOf({ attributes, isReadOnly }: EditorOptions): Extension {
  return [
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({
      ...attributes,
      ...(isReadOnly ? { "aria-readonly": "true" } : {}),
    }),
  ];
}
