/** What can be written at the cursor of a script. Pure: the names of the flow are passed in. */
export interface ScriptNames {
  /** Variables of the job's memory. */
  memory: string[];
  /** Steps before this one. */
  steps: string[];
  vars: string[];
}

export interface ScriptOption {
  label: string;
  apply: string;
  /** Where the cursor goes, counted from the end of what is written. */
  back: number;
  /** The key of the sentence that explains it. */
  about: ScriptAbout | null;
  kind: "function" | "variable" | "keyword" | "text";
}

export type ScriptAbout =
  "memoryLoad" | "memorySave" | "secretStateLoad" | "log" | "exit" | "return";

export interface ScriptChoice {
  from: number;
  options: ScriptOption[];
}

const call = (label: string, apply: string, back: number, about: ScriptAbout): ScriptOption => ({
  label,
  apply,
  back,
  about,
  kind: "function",
});

const API: ScriptOption[] = [
  call("memory.load", "memory.load('')", 2, "memoryLoad"),
  call("memory.save", "memory.save('', )", 4, "memorySave"),
  call("secretState.load", "secretState.load('')", 2, "secretStateLoad"),
  call("log", "log()", 1, "log"),
  call("exit", "exit('')", 2, "exit"),
  { label: "return", apply: "return ", back: 0, about: "return", kind: "keyword" },
];
const ROOTS = ["trigger", "steps", "vars", "job"];
const TRIGGER = ["body", "headers", "query", "path", "method", "files"];
const JOB = ["id", "status", "flow", "version", "request_id", "started_at"];

export function choicesInScript(
  text: string,
  cursor: number,
  names: ScriptNames,
  isAsked: boolean,
): ScriptChoice | null {
  const before = text.slice(0, cursor);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const quoted = /memory\s*\.\s*(?:load|save)\s*\(\s*(["'`])([^"'`]*)$/.exec(line);
  if (quoted) return ofWords(names.memory, quoted[2] ?? "", cursor, "text");
  // Inside other texts and remarks nothing is offered.
  if (isInText(line)) return null;
  const member = /(?:^|[^\w$.])([A-Za-z_$][\w$]*)\.([\w$]*(?:\.[\w$]*)?)$/.exec(line);
  if (member) return members(member[1] ?? "", member[2] ?? "", cursor, names);
  const word = /(?:^|[^\w$.])([A-Za-z_$][\w$]*)$/.exec(line)?.[1] ?? "";
  if (word === "" && !isAsked) return null;
  const roots: ScriptOption[] = ROOTS.map((label) => plain(label, "variable"));
  const options = [...API, ...roots].filter(({ label }) => starts(label, word));
  return options.length === 0 ? null : { from: cursor - word.length, options };
}

function members(root: string, rest: string, cursor: number, names: ScriptNames) {
  const dot = rest.indexOf(".");
  const word = rest.slice(dot + 1);
  if (root === "steps" && dot !== -1) {
    return ofWords(["data", "exit_code"], word, cursor, "variable");
  }
  if (dot !== -1) return null;
  if (root === "memory" || root === "secretState") {
    const from = cursor - rest.length - root.length - 1;
    const options = API.filter(({ label }) => label.startsWith(`${root}.${rest}`));
    return options.length === 0 ? null : { from, options };
  }
  const known: Record<string, string[]> = {
    steps: names.steps,
    vars: names.vars,
    trigger: TRIGGER,
    job: JOB,
  };
  return Object.hasOwn(known, root) ? ofWords(known[root] ?? [], word, cursor, "variable") : null;
}

function ofWords(
  words: string[],
  word: string,
  cursor: number,
  kind: ScriptOption["kind"],
): ScriptChoice | null {
  const options = words.filter((each) => starts(each, word)).map((each) => plain(each, kind));
  return options.length === 0 ? null : { from: cursor - word.length, options };
}

function plain(label: string, kind: ScriptOption["kind"]): ScriptOption {
  return { label, apply: label, back: 0, about: null, kind };
}

function starts(label: string, word: string): boolean {
  return label.toLowerCase().startsWith(word.toLowerCase());
}

function isInText(line: string): boolean {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === "/" && line[at + 1] === "/") return true;
  }
  return quote !== "";
}

/** The names that a script saves, as far as they stand in its code. */
export function savedNames(code: string): string[] {
  return [...code.matchAll(/memory\s*\.\s*save\s*\(\s*(["'`])([A-Za-z_]\w{0,63})\1/g)].map(
    ([, , name]) => name ?? "",
  );
}
