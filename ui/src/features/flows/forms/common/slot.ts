/**
 * A place in the fields of a part that a group of inputs edits: the part itself, an object inside it, or an item of a
 * list. Inputs know no more than their key; whole new fields of the part go up. Pure.
 */
import { isFields, text, type Fields } from "../../document";
import type { FormContext, PartFormProps } from "../types";

export interface Slot {
  fields: Fields;
  context: FormContext;
  /** Undefined takes the key out. */
  set: (key: string, value: unknown) => void;
  /** Puts other fields in place of all. Undefined takes the whole place out. */
  replace: (fields: Fields | undefined) => void;
  /** What is wrong with a key, in the words of the check; the empty key is the place itself. */
  error: (key: string) => string | undefined;
  /** The object below a key. It is there once something is set in it, and gone with its last key. */
  inner: (key: string) => Slot;
  /** The objects of a list below a key. */
  items: (key: string) => Slot[];
}

type Write = (fields: Fields | undefined, merge?: string) => void;

export function slotOf({ fields, onChange, problems, context }: PartFormProps): Slot {
  const write: Write = (next, merge) =>
    onChange({ fields: next ?? {}, ...(merge === undefined ? {} : { merge }) });
  return make(fields, "", write);

  function make(here: Fields, path: string, put: Write): Slot {
    return {
      fields: here,
      context,
      set: (key, value) => put(withKey(here, key, value), `${context.place}${path}/${key}`),
      replace: (next) => put(next),
      error: (key) => {
        const place = `${context.place}${path}${key === "" ? "" : `/${escaped(key)}`}`;
        const found = problems.find((problem) => problem.place === place);
        return found?.severity === "error" ? found.message : undefined;
      },
      inner: (key) => {
        const inside = here[key];
        return make(isFields(inside) ? inside : {}, `${path}/${key}`, (next, merge) =>
          put(withKey(here, key, next && Object.keys(next).length > 0 ? next : undefined), merge),
        );
      },
      items: (key) => {
        const list = Array.isArray(here[key]) ? (here[key] as unknown[]) : [];
        return list.map((item, at) =>
          make(isFields(item) ? item : {}, `${path}/${key}/${at}`, (next, merge) => {
            const changed = next ? list.with(at, next) : list.toSpliced(at, 1);
            put(withKey(here, key, changed), merge);
          }),
        );
      },
    };
  }
}

/** The order of the keys stays; a new one comes last. */
export function withKey(fields: Fields, key: string, value: unknown): Fields {
  if (value !== undefined) return { ...fields, [key]: value };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** An empty text is none. */
export const given = (value: string): string | undefined => (value === "" ? undefined : value);

export const textAt = ({ fields }: Slot, key: string): string => text(fields[key]);
