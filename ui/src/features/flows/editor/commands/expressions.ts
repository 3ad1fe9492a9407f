/**
 * The name of a step inside templates: found only between `{{` and `}}`, and there not within quoted text, so that
 * renaming a step never touches what is no reference to it. Pure.
 */

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
/** In order: a quoted text, the end of the expression, `steps.NAME`, `steps["NAME"]`, another name, anything else. */
const TOKEN = new RegExp(
  [
    `(?<dot>(?<![\\w.])steps\\s*\\.\\s*)(?<name>${NAME})`,
    `(?<bracket>(?<![\\w.])steps\\s*\\[\\s*)(?<quote>["'])(?<quoted>${NAME})\\k<quote>`,
    `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`,
    `(?<end>\\}\\})`,
    NAME,
    `[\\s\\S]`,
  ].join("|"),
  "y",
);

/** The template with the step's new name. */
export function renameInTemplate(template: string, from: string, to: string): string {
  if (!template.includes(from)) return template;
  let done = "";
  let at = 0;
  for (;;) {
    const begin = template.indexOf("{{", at);
    if (begin < 0) return done + template.slice(at);
    done += template.slice(at, begin + 2);
    at = begin + 2;
    const expression = renameInExpression(template, at, from, to);
    done += expression.text;
    at = expression.end;
  }
}

function renameInExpression(template: string, start: number, from: string, to: string) {
  let text = "";
  let at = start;
  while (at < template.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(template);
    if (!found) break;
    const { dot, name, bracket, quote = "", quoted, end } = found.groups ?? {};
    if (dot !== undefined && name === from) text += dot + to;
    else if (bracket !== undefined && quoted === from) text += bracket + quote + to + quote;
    else text += found[0];
    at = TOKEN.lastIndex;
    if (end !== undefined) break;
  }
  return { text, end: at };
}

/** Every text below a value, changed; what has no change stays the same value. Names of keys are no templates. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) {
    const next = value.map((each) => mapTexts(each, change));
    return next.every((each, at) => each === value[at]) ? value : next;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const next = entries.map(([key, each]) => [key, mapTexts(each, change)] as const);
  return next.every(([, each], at) => each === entries[at]?.[1]) ? value : Object.fromEntries(next);
}
