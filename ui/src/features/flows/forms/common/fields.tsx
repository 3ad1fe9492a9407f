/** Inputs that read and write one key of a slot. */
import { Checkbox, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { texts } from "../../document";
import { SecretPicker } from "../fields/SecretPicker";
import classes from "./Common.module.css";
import { errorBelow, linesOf } from "./lines";
import { given, textAt, type Slot } from "./slot";

export interface KeyFieldProps {
  slot: Slot;
  name: string;
  label: string;
  description?: string;
}

export function TextField(
  props: KeyFieldProps & { placeholder?: string; isMono?: boolean; isRequired?: boolean },
) {
  const { slot, name, label, description, placeholder, isMono, isRequired } = props;
  return (
    <TextInput
      label={label}
      description={description}
      className={isMono ? classes.mono : undefined}
      placeholder={placeholder}
      value={textAt(slot, name)}
      error={slot.error(name)}
      readOnly={slot.context.isReadOnly}
      onChange={({ currentTarget: { value } }) => slot.set(name, isRequired ? value : given(value))}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

/** Text with line breaks, such as a certificate. */
export function LongTextField(props: KeyFieldProps & { placeholder?: string }) {
  const { slot, name, label, description, placeholder } = props;
  return (
    <Textarea
      className={classes.mono}
      label={label}
      description={description}
      placeholder={placeholder}
      value={textAt(slot, name)}
      error={slot.error(name)}
      readOnly={slot.context.isReadOnly}
      onChange={({ currentTarget: { value } }) => slot.set(name, given(value))}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
    />
  );
}

/** A list of texts, one a line. */
export function LinesField(props: KeyFieldProps & { placeholder?: string }) {
  const { slot, name, label, description, placeholder } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const kept = texts(slot.fields[name]).join("\n");
  // What is typed may have an empty line that the list has not.
  const value = typed !== null && linesOf(typed).join("\n") === kept ? typed : kept;
  return (
    <Textarea
      className={classes.mono}
      label={label}
      description={description}
      placeholder={placeholder}
      value={value}
      error={errorBelow(slot, name)}
      readOnly={slot.context.isReadOnly}
      onChange={({ currentTarget }) => {
        const lines = linesOf(currentTarget.value);
        setTyped(currentTarget.value);
        slot.set(name, lines.length === 0 ? undefined : lines);
      }}
      autosize
      minRows={2}
      spellCheck={false}
    />
  );
}

interface WholeFieldProps extends KeyFieldProps {
  least: number;
  most: number;
  /** Said when it is no such number. */
  bad: string;
  placeholder?: string;
}

export function WholeField(props: WholeFieldProps) {
  const { slot, name, label, description, least, most, bad, placeholder } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const set = slot.fields[name];
  const kept = set === undefined ? "" : typeof set === "number" ? String(set) : JSON.stringify(set);
  const text = typed ?? kept;
  const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
  const fits = (value: number | null) => value !== null && value >= least && value <= most;
  const isWrong = text.trim() !== "" && !fits(number);
  return (
    <TextInput
      label={label}
      description={description}
      placeholder={placeholder}
      value={text}
      error={isWrong ? bad : slot.error(name)}
      readOnly={slot.context.isReadOnly}
      onChange={({ currentTarget: { value } }) => {
        const next = /^\d{1,15}$/.test(value.trim()) ? Number(value) : null;
        setTyped(value);
        if (value.trim() === "") slot.set(name, undefined);
        else if (fits(next)) slot.set(name, next);
      }}
      onBlur={() => !isWrong && setTyped(null)}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}

interface ChoiceFieldProps extends KeyFieldProps {
  options: readonly { value: string; label: string }[];
  /** What holds if nothing is set; choosing it takes the key out. */
  usual?: string;
}

export function ChoiceField(props: ChoiceFieldProps) {
  const { slot, name, label, description, options, usual } = props;
  const value = textAt(slot, name) || (usual ?? "");
  const isKnown = options.some((option) => option.value === value);
  const all = isKnown ? options : [{ value, label: value }, ...options];
  return (
    <NativeSelect
      label={label}
      description={description}
      data={all.map((option) => ({ ...option }))}
      value={value}
      error={slot.error(name)}
      disabled={slot.context.isReadOnly}
      onChange={({ currentTarget }) =>
        slot.set(name, currentTarget.value === usual ? undefined : currentTarget.value)
      }
    />
  );
}

export function SwitchField(props: KeyFieldProps & { usual: boolean }) {
  const { slot, name, label, description, usual } = props;
  const set = slot.fields[name];
  return (
    <Switch
      size="sm"
      label={label}
      description={description}
      checked={typeof set === "boolean" ? set : usual}
      error={slot.error(name)}
      disabled={slot.context.isReadOnly}
      onChange={({ currentTarget: { checked } }) =>
        slot.set(name, checked === usual ? undefined : checked)
      }
    />
  );
}

interface ChecksFieldProps extends KeyFieldProps {
  options: readonly { value: string; label: string }[];
  /** What holds if nothing is set. */
  usual?: readonly string[];
}

export function ChecksField(props: ChecksFieldProps) {
  const { slot, name, label, description, options, usual = [] } = props;
  const set = slot.fields[name];
  const chosen = set === undefined ? [...usual] : texts(set);
  return (
    <Checkbox.Group
      label={label}
      description={description}
      value={chosen}
      error={errorBelow(slot, name)}
      onChange={(next) => {
        const ordered = options.map(({ value }) => value).filter((each) => next.includes(each));
        const isUsual = ordered.join() === usual.join();
        slot.set(name, ordered.length === 0 || isUsual ? undefined : ordered);
      }}
    >
      <div className={classes.checks}>
        {options.map((option) => (
          <Checkbox
            key={option.value}
            size="xs"
            value={option.value}
            label={option.label}
            disabled={slot.context.isReadOnly}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}

interface SecretFieldProps extends KeyFieldProps {
  suggestion?: string;
  noneLabel?: string;
}

export function SecretField(props: SecretFieldProps) {
  const { slot, name, label, description, suggestion, noneLabel } = props;
  return (
    <SecretPicker
      label={label}
      description={description}
      value={slot.fields[name]}
      onChange={(secret) => slot.set(name, secret)}
      context={slot.context}
      error={slot.error(name)}
      {...(suggestion === undefined ? {} : { suggestion })}
      {...(noneLabel === undefined ? {} : { noneLabel })}
    />
  );
}
