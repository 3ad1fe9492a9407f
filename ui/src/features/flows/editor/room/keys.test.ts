import { describe, expect, it } from "vitest";
import { matches } from "./keys";

const pressed = (
  key: string,
  held: Partial<Record<"ctrl" | "meta" | "shift" | "alt", boolean>> = {},
) => ({
  key,
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
});

describe("a command's keys", () => {
  it("are these keys and no others held", () => {
    expect(matches("mod+z", pressed("z", { ctrl: true }))).toBe(true);
    expect(matches("mod+z", pressed("z", { meta: true }))).toBe(true);
    expect(matches("mod+z", pressed("Z", { ctrl: true, shift: true }))).toBe(false);
    expect(matches("mod+shift+z", pressed("Z", { ctrl: true, shift: true }))).toBe(true);
    expect(matches("a", pressed("a"))).toBe(true);
    expect(matches("a", pressed("a", { ctrl: true }))).toBe(false);
    expect(matches("alt+ArrowUp", pressed("ArrowUp", { alt: true }))).toBe(true);
  });
});
