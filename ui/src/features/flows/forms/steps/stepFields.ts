/** Reading and changing the fields of a step, and the problems of each. */
import type { Fields } from "../../document";
import type { PartFormProps } from "../types";

export interface StepFields {
  fields: Fields;
  /** Undefined takes the field out. Typing into one field is one change. */
  set: (key: string, value: unknown) => void;
  /** Several fields at once, as one change of its own. */
  setAll: (changed: Fields) => void;
  /** What is wrong with a field or with something in it, in words. */
  wrong: (key: string) => string | undefined;
}

export function stepFields(props: PartFormProps): StepFields {
  const { fields, onChange, problems, context } = props;
  return {
    fields,
    set: (key, value) =>
      onChange({
        fields: withField(fields, key, value),
        merge: `${context.place}/${key}`,
      }),
    setAll: (changed) => onChange({ fields: changed }),
    wrong: (key) => {
      const place = `${context.place}/${key}`;
      const own = problems.filter(
        (problem) => problem.place === place || problem.place.startsWith(`${place}/`),
      );
      return own.length === 0 ? undefined : own.map(({ message }) => message).join(" ");
    },
  };
}

/** A known field keeps its place among the others. */
export function withField(fields: Fields, key: string, value: unknown): Fields {
  if (value !== undefined) return { ...fields, [key]: value };
  return without(fields, [key]);
}

export function without(fields: Fields, keys: string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}
