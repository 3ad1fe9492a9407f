/** What a script of a flow can name, and which line an error is about. */
import type { TemplateNames } from "@/api/types";
import { isFields, partsOf, text } from "../../document";
import { savedNames, type ScriptNames } from "../code/scriptCompletion";
import type { FormContext } from "../types";

const MEMORIES = ["body_memory", "header_memory", "query_memory"];

/** The names that Hookloom knows at this place, and those that only the draft has yet. */
export function scriptNames(context: FormContext, known: TemplateNames | undefined): ScriptNames {
  const { endpoints, steps } = partsOf(context.document);
  const roots = (source: string) =>
    (known?.names ?? [])
      .filter((name) => name.source === source)
      .map(({ expression }) => expression.split(/[.[]/));
  const own = steps.find(({ place }) => place === context.place)?.name;
  const vars = isFields(context.document.vars) ? Object.keys(context.document.vars) : [];
  return {
    memory: sorted([
      ...roots("memory").map(([name]) => name),
      ...endpoints.flatMap(({ fields }) => MEMORIES.map((key) => text(fields[key]))),
      ...steps.flatMap(({ fields }) => savedNames(text(fields.code))),
    ]),
    // Without an answer all steps are offered: which come before is not known here.
    steps: known
      ? sorted(roots("steps").map(([, name]) => name))
      : sorted(steps.map(({ name }) => name)).filter((name) => name !== own),
    vars: sorted([...roots("vars").map(([, name]) => name), ...vars]),
  };
}

function sorted(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name): name is string => Boolean(name)))].sort();
}

/** `… (line 2, column 13: …)`: the line, counted from 1. */
export function lineOf(message: string): number | null {
  const found = /\(line (\d+), column \d+/.exec(message);
  return found ? Number(found[1]) : null;
}
