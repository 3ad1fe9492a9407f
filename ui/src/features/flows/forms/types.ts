/**
 * What the form of a part of a flow gets and gives. A form is controlled: it holds no document, it shows `fields` and
 * hands on whole new ones. The editor makes a command of each change, so that undo, keys and menus share one path.
 */
import type { Problem } from "@/api";
import type { Fields } from "../document";

/** One change of a part. Changes with the same `merge` that follow each other are undone as one, as while typing. */
export interface FieldsChange {
  fields: Fields;
  merge?: string;
}

export interface FormContext {
  flow: string;
  /** The whole draft as it is now, to read names of steps, outputs and variables from. */
  document: Fields;
  /** The JSON pointer of the part in the document. */
  place: string;
  /** A version is looked at: nothing can be changed. */
  isReadOnly: boolean;
}

export interface PartFormProps {
  fields: Fields;
  onChange: (change: FieldsChange) => void;
  /** Problems of this part; their places are those of the document. */
  problems: Problem[];
  context: FormContext;
}

/** Where a template stands, which decides how its values are escaped. */
export type TemplatePlace = "text" | "json" | "form" | "xml" | "url" | "header" | "value";
