import { describe, expect, it } from "vitest";
import type { Check } from "@/api";
import { isUnread } from "./isUnread";

const checks = (ok: boolean | null): Check[] => [
  { name: "authentication", ok: ok !== null, message: "" },
  { name: "size_type", ok, message: "" },
];

describe("a request without stored bytes", () => {
  it("had an empty body if its size was checked", () => {
    expect(isUnread({ body_bytes: 0, checks: checks(true) })).toBe(false);
  });

  it("was not read if it was refused before", () => {
    expect(isUnread({ body_bytes: 0, checks: checks(null) })).toBe(true);
    expect(isUnread({ body_bytes: 7, checks: checks(null) })).toBe(false);
  });
});
