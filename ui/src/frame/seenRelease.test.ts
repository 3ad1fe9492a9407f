import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Updates } from "@/api";
import { putAway, unseen, useSeenRelease } from "./seenRelease";

const found = (version: string, is_newer: boolean) =>
  ({ found: { version, is_newer } }) as unknown as Updates;

describe("the sign of a newer release", () => {
  beforeEach(() => useSeenRelease.setState({ version: null }));

  it("is there for a version that is newer, and for nothing else", () => {
    expect(unseen(undefined, null)).toBeUndefined();
    expect(unseen({ found: null } as Updates, null)).toBeUndefined();
    expect(unseen(found("0.1.0", false), null)).toBeUndefined();
    expect(unseen(found("9.9.9", true), null)).toBe("9.9.9");
  });

  it("comes once for each version, and the browser remembers which", () => {
    const setItem = vi.fn();
    vi.stubGlobal("localStorage", { setItem });
    putAway("9.9.9");
    vi.unstubAllGlobals();
    expect(setItem).toHaveBeenCalledWith("hookloom.updates.seen", "9.9.9");
    const seen = useSeenRelease.getState().version;
    expect(unseen(found("9.9.9", true), seen)).toBeUndefined();
    expect(unseen(found("10.0.0", true), seen)).toBe("10.0.0");
  });

  it("is put away even where nothing can be remembered", () => {
    putAway("9.9.9");
    expect(useSeenRelease.getState().version).toBe("9.9.9");
  });
});
