/** The text box of code. Loaded when the first one is shown. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type CompletionContext,
} from "@codemirror/autocomplete";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorView, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { useTranslation } from "@/i18n";
import { marks, showMarks } from "./marks";
import { choicesInScript, type ScriptAbout, type ScriptNames } from "./scriptCompletion";
import { useEditor } from "./useEditor";

export interface LineMark {
  /** Counted from 1. */
  line: number;
  message: string;
}

export interface CodeEditorHandle {
  focus: () => void;
}

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  isReadOnly: boolean;
  isScript: boolean;
  names: ScriptNames | undefined;
  lineMarks: LineMark[];
  attributes: Record<string, string>;
  handle: Ref<CodeEditorHandle>;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: "var(--run)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--wait)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.propertyName], color: "var(--accent-text)" },
]);

export default function CodeEditor(props: CodeEditorProps) {
  const { value, onChange, isReadOnly, isScript, names, lineMarks, attributes, handle } = props;
  const source = useScriptSource(names);
  const { host, view } = useEditor({
    value,
    onChange,
    isReadOnly,
    attributes: { ...attributes, spellcheck: "false" },
    extensions: () => [
      lineNumbers(),
      highlightActiveLineGutter(),
      bracketMatching(),
      closeBrackets(),
      keymap.of(closeBracketsKeymap),
      isScript ? [javascript(), indentOnInput(), syntaxHighlighting(colours)] : [],
      isScript ? autocompletion({ override: [source], icons: false }) : [],
      marks,
      EditorView.lineWrapping,
    ],
  });

  const shown = JSON.stringify(lineMarks);
  useEffect(() => {
    if (!view) return;
    const { doc } = view.state;
    const inside = (JSON.parse(shown) as LineMark[]).filter(({ line }) => line <= doc.lines);
    showMarks(
      view,
      inside.map(({ line, message }) => {
        const { from, to } = doc.line(Math.max(1, line));
        return { from, to, message, isLine: true };
      }),
    );
  }, [view, shown]);

  useImperativeHandle(handle, () => ({ focus: () => view?.focus() }));
  return <div ref={host} />;
}

/** The editor is made once, and asks for the names and words of now. */
function useScriptSource(names: ScriptNames | undefined) {
  const { t } = useTranslation("forms");
  const about = (key: ScriptAbout) => t(`script.about.${key}`);
  const latest = useRef({ names, about });
  useEffect(() => {
    latest.current = { names, about };
  });
  return (context: CompletionContext) => {
    const now = latest.current;
    if (!now.names) return null;
    const text = context.state.doc.toString();
    const choice = choicesInScript(text, context.pos, now.names, context.explicit);
    if (!choice) return null;
    const options = choice.options.map((option) => ({
      label: option.label,
      ...(option.about ? { info: now.about(option.about) } : {}),
      apply: (view: EditorView, _: unknown, from: number, to: number) =>
        view.dispatch({
          changes: { from, to, insert: option.apply },
          selection: { anchor: from + option.apply.length - option.back },
          userEvent: "input.complete",
        }),
    }));
    return { from: choice.from, options, filter: false };
  };
}
