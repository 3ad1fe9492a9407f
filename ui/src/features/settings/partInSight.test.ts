import { describe, expect, it } from "vitest";
import { partInSight, type Stretch } from "./partInSight";

const scrolledBy = (px: number): Stretch[] =>
  ["look", "storage", "tokens"].map((id, at) => ({
    id,
    top: at * 200 - px,
    bottom: at * 200 + 190 - px,
  }));
const room = { heightPx: 400, isAtEnd: false };

describe("the part in sight", () => {
  it("is the one at the upper edge", () => {
    expect(partInSight(scrolledBy(0), room, undefined)).toBe("look");
    expect(partInSight(scrolledBy(150), room, undefined)).toBe("storage");
    expect(partInSight([], room, undefined)).toBeUndefined();
  });

  it("is the last one where the page ends, though it never comes to the top", () => {
    expect(partInSight(scrolledBy(180), { ...room, isAtEnd: true }, undefined)).toBe("tokens");
  });

  it("is what was chosen, until it is out of sight", () => {
    const atEnd = { ...room, isAtEnd: true };
    expect(partInSight(scrolledBy(180), atEnd, "storage")).toBe("storage");
    expect(partInSight(scrolledBy(180), atEnd, "look")).toBe("tokens");
  });
});
