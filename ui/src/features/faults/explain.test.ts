import { describe, expect, test } from "vitest";
import ways from "@/i18n/en/ways.json";
import { explain, EXPLAINED } from "./explain";

const answered = (status: number) => explain({ error: null, response: { status } });
const unanswered = (code: string) => explain({ error: { code }, response: null });

describe("what an exchange that failed means", () => {
  test.each([
    [200, null],
    [204, null],
    [302, "redirect"],
    [401, "credentials"],
    [403, "credentials"],
    [404, "missing"],
    [418, "refused"],
    [500, "server"],
    [503, "gateway"],
  ])("an answer of %s", (status, means) => expect(answered(status)).toBe(means));

  test.each([
    ["dns", "dns"],
    ["destination_refused", "guard"],
    ["secret_missing", "secret"],
    ["template_error", "template"],
    ["something_new", null],
  ])("no answer: %s", (code, means) => expect(unanswered(code)).toBe(means));

  test("each has its cause and its cure in words", () => {
    for (const name of EXPLAINED) {
      expect(ways.fault.of[name].cause, name).not.toBe("");
      expect(ways.fault.of[name].cure, name).not.toBe("");
    }
  });
});
