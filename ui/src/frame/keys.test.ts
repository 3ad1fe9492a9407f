import { describe, expect, it } from "vitest";
import { keyOf, parseKey, shownKey, worksWhileTyping } from "./keys";

const pressed = (key: string, code: string, held: Partial<Record<string, boolean>> = {}) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe("keys", () => {
  it.each([
    ["Ctrl+K", "mod+K"],
    ["ctrl k", "mod+K"],
    ["mod + shift + z", "mod+shift+Z"],
    ["Shift Ctrl Z", "mod+shift+Z"],
    ["Alt 1", "alt+1"],
    ["Delete", "Delete"],
    ["mod+Enter", "mod+Enter"],
    ["mod+up", "mod+ArrowUp"],
    ["f2", "F2"],
    ["?", "?"],
    ["mod++", "mod++"],
  ])("reads %s as %s", (written, key) => expect(parseKey(written)).toBe(key));

  it.each(["", "Ctrl", "hyper+K"])("refuses %j", (written) => expect(parseKey(written)).toBeNull());

  it("names what was pressed, by its place where Alt or another layout changes the character", () => {
    expect(keyOf(pressed("k", "KeyK", { ctrlKey: true }), false)).toBe("mod+K");
    expect(keyOf(pressed("k", "KeyK", { metaKey: true }), true)).toBe("mod+K");
    expect(keyOf(pressed("¡", "Digit1", { altKey: true }), false)).toBe("alt+1");
    expect(keyOf(pressed("π", "KeyP", { altKey: true }), true)).toBe("alt+P");
    expect(keyOf(pressed("к", "KeyR", { ctrlKey: true }), false)).toBe("mod+R");
    expect(keyOf(pressed("Z", "KeyZ", { ctrlKey: true, shiftKey: true }), false)).toBe(
      "mod+shift+Z",
    );
    expect(keyOf(pressed("?", "Slash", { shiftKey: true }), false)).toBe("?");
    expect(keyOf(pressed("Shift", "ShiftLeft", { shiftKey: true }), false)).toBeNull();
  });

  it("what is shown is read as the same key", () => {
    for (const key of ["mod+K", "mod+alt+shift+F2", "alt+1", "Delete", "mod+ArrowUp", "mod++"]) {
      expect(parseKey(shownKey(key, false)), key).toBe(key);
      expect(parseKey(shownKey(key, true)), key).toBe(key);
    }
  });

  it("leaves a text field the keys that edit text", () => {
    for (const key of ["K", "Delete", "shift+A", "mod+Z", "mod+C", "mod+Enter"]) {
      expect(worksWhileTyping(key), key).toBe(false);
    }
    for (const key of ["mod+K", "alt+1", "F2"]) expect(worksWhileTyping(key), key).toBe(true);
  });
});
