/** JSON, to edit: what is no JSON is marked at its place, and only what is JSON is handed on. */
import { lazy, Suspense, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "@/i18n";
import type { TemplateEditorHandle } from "../code/TemplateEditor";
import { readPlaces } from "../../jsonPlaces";
import { useLongNumberWords, useSyntaxWords } from "../../syntaxWords";
import classes from "../Forms.module.css";
import type { FormContext } from "../types";
import { FieldFrame } from "./FieldFrame";

const TemplateEditor = lazy(() => import("../code/TemplateEditor"));

export interface JsonFieldProps {
  label: string;
  description?: string | undefined;
  /** Any JSON; undefined is an empty text. */
  value: unknown;
  /** Undefined: the text is empty. */
  onChange: (value: unknown) => void;
  context: FormContext;
  error?: string | undefined;
  /** What a value has to be beside JSON, in words; nothing if it is right. */
  check?: (value: unknown) => string | undefined;
  isLong?: boolean;
  /** Its label is only read aloud: for the cells of a table. */
  isCell?: boolean;
}

interface Typed {
  text: string;
  /** The value that was handed on for it: another one came from outside. */
  given: string | undefined;
}

export function JsonField(props: JsonFieldProps) {
  const { label, description, value, onChange, context, error, check } = props;
  const { isLong = typeof value === "object", isCell } = props;
  const { t } = useTranslation("forms");
  const words = useSyntaxWords();
  const longWords = useLongNumberWords();
  const id = useId();
  const editor = useRef<TemplateEditorHandle>(null);
  const current = JSON.stringify(value);
  const [typed, setTyped] = useState<Typed | null>(null);
  const text = typed?.given === current && typed ? typed.text : written(value, isCell);
  const syntax = words(text) ?? longWords(text);
  const read = useMemo(() => (text.trim() === "" ? null : readPlaces(text)), [text]);
  const mistake = syntax ?? (read?.ok ? check?.(JSON.parse(text)) : undefined);
  const mark = useMemo(
    () =>
      read && !read.ok ? { from: read.offset, to: read.offset + 1, message: t("json.here") } : null,
    [read, t],
  );

  function type(entered: string) {
    const next = parse(entered);
    if (next === null || longWords(entered) !== null)
      return setTyped({ text: entered, given: current });
    const given = JSON.stringify(next.value);
    setTyped({ text: entered, given });
    if (given !== current) onChange(next.value);
  }

  return (
    <FieldFrame
      id={id}
      label={label}
      isLabelHidden={isCell}
      description={description}
      error={mistake ?? error}
      onLabelClick={() => editor.current?.focus()}
    >
      <div
        className={classes.editor}
        data-long={(isLong && !isCell) || undefined}
        data-cell={isCell || undefined}
        data-wrong={mistake !== undefined || Boolean(error) || undefined}
        data-readonly={context.isReadOnly || undefined}
      >
        <Suspense fallback={<div className={classes.waiting}>{text}</div>}>
          <TemplateEditor
            value={text}
            onChange={type}
            context={context}
            isLong
            isJson
            mark={mark}
            handle={editor}
            attributes={{
              "aria-labelledby": `${id}-label`,
              "aria-describedby": `${id}-more`,
              ...(mistake !== undefined || error ? { "aria-invalid": "true" } : {}),
            }}
          />
        </Suspense>
      </div>
    </FieldFrame>
  );
}

function written(value: unknown, isShort: boolean | undefined): string {
  if (value === undefined) return "";
  return isShort ? JSON.stringify(value) : JSON.stringify(value, null, 2);
}

/** Null: it is no JSON. */
function parse(text: string): { value: unknown } | null {
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
