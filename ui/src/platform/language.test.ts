import { expect, test } from "vitest";
import { keepLanguageSound } from "./language";

test("a locale of the system that is no language becomes English, any other stays", () => {
  for (const [named, kept] of [
    ["C", "en"],
    ["", "en"],
    ["de-CH", "de-CH"],
  ] as const) {
    // As in a browser: the property is the prototype's, and cannot be assigned.
    const of = Object.create({
      get language() {
        return named;
      },
    }) as { language: string };
    keepLanguageSound(of);
    expect(of.language, named).toBe(kept);
    expect(() => new Intl.NumberFormat(of.language)).not.toThrow();
  }
});
