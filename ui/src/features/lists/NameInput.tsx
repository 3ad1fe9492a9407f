import { TextInput } from "@mantine/core";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

export const isName = (text: string): boolean => NAME.test(text);

interface NameInputProps {
  value: string;
  onChange: (name: string) => void;
  label: string;
  hint: string;
  bad: string;
  /** The names that are there already, and what saving one of them does. */
  taken: readonly string[];
  takenHint: string;
}

/** The name of a new secret or variable, as expressions can write it. */
export function NameInput(props: NameInputProps) {
  const { value, onChange, label, hint, bad, taken, takenHint } = props;
  const isTaken = taken.includes(value);
  return (
    <TextInput
      data-autofocus
      label={label}
      description={isTaken ? takenHint : hint}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={value !== "" && !isName(value) ? bad : undefined}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
