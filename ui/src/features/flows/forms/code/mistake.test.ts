import { expect, test } from "vitest";
import { exactPlace, fixedText, isOnlyWithoutJob } from "./mistake";

const text = '{"total": {{ steps.totl.data.totl }}}';
const mistake = {
  message: "`totl` of `steps.totl.data` is not there; did you mean `total`?",
  offset: 10,
  length: 26,
  nearest: "total",
};

test("the word that is wrong is found in its expression, and mended there alone", () => {
  const { from, to } = exactPlace(text, mistake);
  expect([from, text.slice(from, to)]).toEqual([29, "totl"]);
  expect(fixedText(text, mistake)).toBe('{"total": {{ steps.totl.data.total }}}');
});

test("a place that is exact already is taken as it is", () => {
  const filter = { message: "there is no filter `uper`", offset: 9, length: 4, nearest: "upper" };
  expect(fixedText("{{ a.b | uper }}", filter)).toBe("{{ a.b | upper }}");
});

test("without a name that was meant, or the word it is for, nothing is offered", () => {
  expect(fixedText(text, { ...mistake, nearest: null })).toBeNull();
  expect(fixedText(text, { ...mistake, message: "`other` is not there" })).toBeNull();
  expect(fixedText("{{ totals }}", { ...mistake, offset: 0, length: 12 })).toBeNull();
});

test("a flow that never ran has no values: that is no mistake of the text", () => {
  const message =
    "no job of this flow has run yet, so there is no value to show; run the draft once";
  expect(isOnlyWithoutJob({ ...mistake, message }, null)).toBe(true);
  expect(isOnlyWithoutJob(mistake, null)).toBe(false);
});
