/** Keys as words: `mod+shift+K`. `mod` is Ctrl, or Command on a Mac. Pure, but for what it is told of the machine. */

export const isMac =
  typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const MODIFIERS: Record<string, "mod" | "alt" | "shift"> = {
  mod: "mod",
  ctrl: "mod",
  control: "mod",
  cmd: "mod",
  meta: "mod",
  "⌘": "mod",
  alt: "alt",
  option: "alt",
  "⌥": "alt",
  shift: "shift",
  "⇧": "shift",
};

/** The words people use for keys that have a longer name. */
const NAMES: Record<string, string> = {
  esc: "Escape",
  del: "Delete",
  return: "Enter",
  space: "Space",
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
  "↑": "ArrowUp",
  "↓": "ArrowDown",
  "←": "ArrowLeft",
  "→": "ArrowRight",
};

const NAMED = new Set([...Object.values(NAMES), "Backspace", "Tab", "Home", "End", "PageUp"]);
const byLowerCase = new Map(
  [...NAMED, "PageDown", "Insert"].map((key) => [key.toLowerCase(), key]),
);

/** `Ctrl+Shift+K`, `ctrl shift k` and `mod+shift+K` are one key; null for what names none. */
export function parseKey(written: string): string | null {
  const words = written.trim().split(/\s*\+\s*(?=.)|\s+/);
  const last = words.pop();
  if (!last) return null;
  const modifiers = new Set(words.map((word) => MODIFIERS[word.toLowerCase()]));
  if (modifiers.has(undefined) || last.toLowerCase() in MODIFIERS) return null;
  return joined(modifiers as Set<string>, named(last));
}

interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** What was pressed; null for a modifier alone. */
export function keyOf(event: Pressed, onMac = isMac): string | null {
  const { key, code, altKey, shiftKey } = event;
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "Dead", "Process"].includes(key)) return null;
  const modifiers = new Set<string>();
  if (onMac ? event.metaKey : event.ctrlKey) modifiers.add("mod");
  if (altKey) modifiers.add("alt");
  // The place counts for figures, and for letters under Alt: they give other characters there.
  const figure = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const isLatin = /^[a-z]$/i.test(key);
  const name =
    figure ?? (letter && (altKey || !isLatin) ? letter : named(key === " " ? "space" : key));
  // A sign such as `?` is typed with Shift on some keyboards only.
  if (shiftKey && (name.length > 1 || /[A-Z0-9]/.test(name))) modifiers.add("shift");
  return joined(modifiers, name);
}

function named(key: string): string {
  const lower = key.toLowerCase();
  if (key.length === 1 && !(lower in NAMES)) return key.toUpperCase();
  return NAMES[lower] ?? byLowerCase.get(lower) ?? (/^f\d+$/.test(lower) ? key.toUpperCase() : key);
}

function joined(modifiers: ReadonlySet<string>, key: string): string {
  return [...["mod", "alt", "shift"].filter((each) => modifiers.has(each)), key].join("+");
}

const SHOWN: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};

/** `Ctrl Shift K`, as the palette shows it. */
export function shownKey(key: string, onMac = isMac): string {
  const words: Record<string, string> = onMac
    ? { mod: "⌘", alt: "⌥", shift: "⇧" }
    : { mod: "Ctrl", alt: "Alt", shift: "Shift" };
  // The key itself may be a plus.
  const parts = key.endsWith("+")
    ? [...key.slice(0, -1).split("+").filter(Boolean), "+"]
    : key.split("+");
  return parts.map((part) => words[part] ?? SHOWN[part] ?? part).join(" ");
}

/** The keys with which text is edited: a field keeps them. */
const OF_TEXT = new Set([
  "A",
  "C",
  "V",
  "X",
  "Y",
  "Z",
  "ArrowLeft",
  "ArrowRight",
  "Backspace",
  "Delete",
  "Home",
  "End",
  "ArrowUp",
  "ArrowDown",
  "Enter",
]);

/** Whether a key may run a command while somebody types. */
export function worksWhileTyping(key: string): boolean {
  const parts = key.split("+");
  const last = parts.at(-1) ?? "";
  if (/^F\d+$/.test(last)) return true;
  if (parts.includes("alt")) return !OF_TEXT.has(last) || /^[A-Z]$/.test(last);
  return parts.includes("mod") && !OF_TEXT.has(last);
}
