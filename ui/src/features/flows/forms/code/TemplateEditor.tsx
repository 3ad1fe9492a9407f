/** The text box of a template. Loaded when the first one is shown. */
import { startCompletion } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../types";
import { chips } from "./chips";
import { marks, showMarks, type Mark } from "./marks";
import { braces, completion, oneLine, type CompletionWords } from "./templateExtensions";
import { useEditor } from "./useEditor";
import { useNamesReader } from "./useNames";

export interface TemplateEditorHandle {
  focus: () => void;
  /** Opens the list of names at the cursor. */
  offerNames: () => void;
}

export interface TemplateEditorProps {
  value: string;
  onChange: (value: string) => void;
  context: FormContext;
  attributes: Record<string, string>;
  isLong: boolean;
  isJson: boolean;
  mark: Mark | null;
  handle: Ref<TemplateEditorHandle>;
}

const SECTIONS = [
  "steps",
  "memory",
  "trigger",
  "vars",
  "secrets",
  "secretState",
  "job",
  "filters",
] as const;
const TYPES = ["string", "number", "boolean", "null", "object", "array", "text"] as const;

export default function TemplateEditor(props: TemplateEditorProps) {
  const { value, onChange, context, attributes, isLong, isJson, mark, handle } = props;
  const words = useLatest(useCompletionWords());
  const read = useLatest(useNamesReader(context.flow, context.place));
  const { host, view } = useEditor({
    value,
    onChange,
    isReadOnly: context.isReadOnly,
    attributes: { ...attributes, "aria-multiline": String(isLong), spellcheck: "false" },
    extensions: () => [
      completion(
        () => read.current(),
        () => words.current,
      ),
      isLong ? [] : oneLine,
      braces,
      chips({ isJson, hasExpressions: true }),
      marks,
      EditorView.lineWrapping,
    ],
  });

  useEffect(() => {
    if (view) showMarks(view, mark ? [mark] : []);
  }, [view, mark]);

  useImperativeHandle(handle, () => ({
    focus: () => view?.focus(),
    offerNames: () => {
      if (!view) return;
      view.focus();
      startCompletion(view);
    },
  }));

  return <div ref={host} />;
}

/** The editor is made once: what it calls has to be looked up when it is called. */
function useLatest<Value>(value: Value) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

function useCompletionWords(): CompletionWords {
  const { t } = useTranslation("forms");
  return {
    section: (section) => ({ name: t(`names.${section}`), rank: SECTIONS.indexOf(section) }),
    type: (type) => {
      const known = TYPES.find((each) => each === type);
      return known ? t(`type.${known}`) : type;
    },
  };
}
