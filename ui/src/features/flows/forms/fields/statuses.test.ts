import { expect, test } from "vitest";
import { isStatusRanges } from "./statuses";

test("single statuses and ranges are taken as Hookloom takes them", () => {
  for (const text of ["200", "200-299", "200-299,404", " 200 - 299 , 404 ", "100-599"]) {
    expect(isStatusRanges(text), text).toBe(true);
  }
});

test("what is no list of statuses is not", () => {
  for (const text of ["", "20", "2xx", "299-200", "200-", "-200", "200,", "99-200", "200-600"]) {
    expect(isStatusRanges(text), text).toBe(false);
  }
});
