import { expect, test } from "vitest";
import { isNotLoaded, NotLoaded, orNotLoaded } from "./notLoaded";

test("what the engines say of code that did not come is told from other errors", () => {
  for (const told of [
    "Failed to fetch dynamically imported module: http://127.0.0.1:4748/assets/JobsPage-1.js",
    "Unable to preload CSS for /assets/ListFoot-1.css",
    "Importing a module script failed.",
    "error loading dynamically imported module",
  ]) {
    expect(isNotLoaded(new TypeError(told))).toBe(true);
  }
  expect(isNotLoaded(new Error("jobs is not iterable"))).toBe(false);
  expect(isNotLoaded("Unable to preload")).toBe(false);
});

test("the router meets an error that it does not know", async () => {
  const load = orNotLoaded(() =>
    Promise.reject(new TypeError("Importing a module script failed.")),
  );
  const error: unknown = await load().catch((each: unknown) => each);
  expect(error).toBeInstanceOf(NotLoaded);
  expect(String(error)).not.toMatch(/module/);
  expect(await orNotLoaded(() => Promise.resolve(1))()).toBe(1);
});
