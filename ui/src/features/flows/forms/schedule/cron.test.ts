import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronMeaning } from "./cron";

const everyDay = { weekdays: null, days: null, months: null };

describe("what a cron pattern means", () => {
  test.each([
    ["* * * * *", { kind: "every_minute" }],
    ["*/5 * * * *", { kind: "every_minutes", count: 5 }],
    ["15 * * * *", { kind: "hourly", minute: 15 }],
    ["0 */6 * * *", { kind: "every_hours", count: 6, minute: 0 }],
    ["0 2 * * *", { kind: "times", times: ["02:00"], ...everyDay }],
    [
      "30 9,17 * * 1-5",
      { kind: "times", times: ["09:30", "17:30"], ...everyDay, weekdays: [1, 2, 3, 4, 5] },
    ],
    ["0 8 * * MON,7", { kind: "times", times: ["08:00"], ...everyDay, weekdays: [0, 1] }],
    ["0 0 1 jan,7 *", { kind: "times", times: ["00:00"], ...everyDay, days: [1], months: [1, 7] }],
  ])("%s", (pattern, meaning) => expect(cronMeaning(pattern)).toEqual(meaning));

  test.each([
    "",
    "* * * *",
    "* * * * * *",
    "61 * * * *",
    "0 25 * * *",
    "0 0 L * *",
    "0 0 * * 5#2",
    "*/7 * * * *",
    "0 9-17 * * */2",
    "5-1 * * * *",
    "a b c d e",
    "0 2 * * mon-",
  ])("has no short words for %j", (pattern) => expect(cronMeaning(pattern)).toBeNull());

  test("never throws, and says times of a day in order", () => {
    const field = fc.stringMatching(/^[0-9*,\-/a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.array(field, { minLength: 5, maxLength: 5 }), (fields) => {
        const meaning = cronMeaning(fields.join(" "));
        if (meaning?.kind !== "times") return;
        expect(meaning.times).toEqual([...meaning.times].sort());
        for (const time of meaning.times) expect(time).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
      }),
    );
  });
});
