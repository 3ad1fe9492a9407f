import { describe, expect, it } from "vitest";
import { begin, follow, isSame, settle } from "./following";

const kept = { days: "30", gigabytes: "5" };

describe("fields that follow what is kept", () => {
  it("take over what somebody else changed, and keep what is being typed", () => {
    const typing = { ...begin(kept), typed: { days: "7", gigabytes: "5" } };
    const { typed } = follow(typing, { days: "14", gigabytes: "9" });
    expect(typed).toEqual({ days: "7", gigabytes: "9" });
  });

  it("show what was saved as it was saved, whichever comes first", () => {
    const [sent, saved] = [
      { url: "https://a.example/", bypass: "" },
      { url: "https://a.example", bypass: "" },
    ];
    const typing = { ...begin({ url: "", bypass: "" }), typed: sent };
    expect(follow(settle(typing, sent, saved), saved).typed).toEqual(saved);
    expect(settle(follow(typing, saved), sent, saved).typed).toEqual(saved);
  });

  it("keep what was typed while it was saved", () => {
    const sent = { days: "7", gigabytes: "5" };
    const typing = { ...begin(kept), typed: { days: "0", gigabytes: "5" } };
    expect(follow(settle(typing, sent, sent), sent).typed.days).toBe("0");
    expect(settle(follow(typing, sent), sent, sent).typed.days).toBe("0");
  });

  it("are compared field by field", () => {
    expect(isSame(kept, { ...kept })).toBe(true);
    expect(isSame(kept, { ...kept, days: "1" })).toBe(false);
  });
});
