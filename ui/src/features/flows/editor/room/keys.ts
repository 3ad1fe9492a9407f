/** Which keys a command has, and whether an event is them. `mod` is Ctrl, on a Mac Cmd. Pure. */

const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** `mod+shift+z`, `a`, `Delete`, `alt+ArrowUp`. */
export function matches(keys: string, event: Pressed): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  const has = (name: string) => parts.includes(name);
  const mod = event.ctrlKey || event.metaKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === has("mod") &&
    event.altKey === has("alt") &&
    event.shiftKey === has("shift")
  );
}

const WORDS: Record<string, string> = {
  shift: "Shift",
  alt: "Alt",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
};

/** As they stand on the keys: `Ctrl Shift Z`. */
export function keyWords(keys: string): string {
  const mod = isMac() ? "⌘" : "Ctrl";
  const words = keys.split("+").map((part) => (part === "mod" ? mod : (WORDS[part] ?? part)));
  return words.map((word) => (word.length === 1 ? word.toUpperCase() : word)).join(" ");
}

/** Where letters are typed: the editor's single keys do nothing there. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=combobox]") !== null)
  );
}
