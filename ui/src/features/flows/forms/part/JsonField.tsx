/** A value as JSON text. It is taken over whenever it is whole; until then it stays here and says what is wrong. */
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { isFields, type Fields } from "../../document";
import { useLongNumberWords, useSyntaxWords } from "../../syntaxWords";
import { same } from "../../editor/history/patch";

interface JsonFieldProps {
  label: string;
  description?: string;
  /** Undefined: the text is empty. */
  value: Fields | undefined;
  onChange: (value: Fields | undefined) => void;
  /** What is said where it is JSON, but no object. */
  notObject: string;
  error?: string | undefined;
  readOnly?: boolean;
  minRows?: number;
}

export function JsonField(props: JsonFieldProps) {
  const { label, description, value, onChange, notObject, error, readOnly, minRows = 3 } = props;
  const syntax = useSyntaxWords();
  const longWords = useLongNumberWords();
  const [typed, setTyped] = useState<string | null>(null);
  const written = value === undefined ? "" : JSON.stringify(value, null, 2);
  // What was typed is shown for as long as it means what is there; an undo shows what it brought back.
  const isWaiting = typed !== null && (parse(typed) === null || longWords(typed) !== null);
  const isCurrent = isWaiting || (typed !== null && same(parse(typed)?.value, value));
  const text = isCurrent ? typed : written;
  const parsed = parse(text);
  const mistake = syntax(text) ?? longWords(text) ?? (parsed === null ? notObject : undefined);

  function change(next: string) {
    setTyped(next);
    const read = parse(next);
    if (read !== null && longWords(next) === null) onChange(read.value);
  }

  return (
    <Textarea
      label={label}
      description={description}
      classNames={{ input: "mono" }}
      value={text}
      error={mistake ?? error}
      readOnly={readOnly ?? false}
      autosize
      minRows={minRows}
      maxRows={28}
      spellCheck={false}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function parse(text: string): { value: Fields | undefined } | null {
  if (text.trim() === "") return { value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? { value } : null;
  } catch {
    return null;
  }
}
