/** Which names fit where the cursor stands in a template. Pure: the names are passed in. */
import type { NameSource, TemplateName, TemplateNames } from "@/api/types";
import { openExpression } from "./expressionSpans";

export interface NameOption {
  label: string;
  /** What is written in place of the word before the cursor. */
  apply: string;
  type: string | null;
  sample: string | null;
  section: NameSource | "filters";
}

export interface NameChoice {
  /** Where the word begins that a chosen name replaces. */
  from: number;
  options: NameOption[];
}

/** A name with its fields, such as `steps.enrich.data["order id"]`. */
const NAME_BEFORE = /[\p{L}_$][\p{L}\p{N}_$.]*(?:\[(?:"[^"\]]*"?|\d*)\]?[\p{L}\p{N}_$.]*)*$/u;
const FILTER_BEFORE = /\|\s*([a-z_]*)$/;

/** `isAsked`: somebody wants to see the names, though nothing was typed yet. */
export function choicesAt(
  text: string,
  cursor: number,
  known: TemplateNames,
  isAsked: boolean,
): NameChoice | null {
  const open = openExpression(text, cursor);
  if (!open) return isAsked ? outside(cursor, known.names) : null;
  const before = text.slice(open.from, cursor);
  const filter = FILTER_BEFORE.exec(before);
  if (filter) {
    const word = filter[1] ?? "";
    return { from: cursor - word.length, options: filtersOf(known, word) };
  }
  if (isInString(before)) return null;
  const word = NAME_BEFORE.exec(before)?.[0] ?? "";
  const options = known.names
    .filter((name) => fits(name.expression, word))
    .map((name) => optionOf(name, name.expression));
  return options.length === 0 ? null : { from: cursor - word.length, options };
}

function outside(cursor: number, names: TemplateName[]): NameChoice | null {
  if (names.length === 0) return null;
  return { from: cursor, options: names.map((name) => optionOf(name, `{{${name.expression}}}`)) };
}

function optionOf(name: TemplateName, apply: string): NameOption {
  const { expression: label, type, sample, source } = name;
  return { label, apply, type, sample, section: source };
}

function filtersOf(known: TemplateNames, word: string): NameOption[] {
  return known.filters
    .filter(({ name }) => name.startsWith(word))
    .map(({ name, description }) => ({
      label: name,
      apply: name,
      type: null,
      sample: description,
      section: "filters",
    }));
}

/** Each part of what was typed occurs in order: `enr.em` finds `steps.enrich.data.email`. */
export function fits(expression: string, word: string): boolean {
  const low = expression.toLowerCase();
  let at = 0;
  for (const part of word.toLowerCase().split(/[.[\]"]+/)) {
    at = low.indexOf(part, at);
    if (at === -1) return false;
    at += part.length;
  }
  return true;
}

function isInString(text: string): boolean {
  let quote = "";
  let opened = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote === "" && (char === '"' || char === "'")) [quote, opened] = [char, at];
    else if (quote !== "" && char === "\\") at++;
    else if (char === quote) quote = "";
  }
  // A key in brackets is part of a name.
  return quote !== "" && text[opened - 1] !== "[";
}
