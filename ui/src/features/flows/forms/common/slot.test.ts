import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fields } from "../../document";
import type { FieldsChange } from "../types";
import { slotOf, withKey, type Slot } from "./slot";

function slotFor(
  fields: Fields,
  problems: { place: string; severity: "error" | "warning" }[] = [],
) {
  const changes: FieldsChange[] = [];
  const slot = slotOf({
    fields,
    onChange: (change) => changes.push(change),
    problems: problems.map((each) => ({ code: "c", message: each.place, hint: null, ...each })),
    context: { flow: "f", document: {}, place: "/endpoints/1", isReadOnly: false },
  });
  return { slot, last: () => changes.at(-1) };
}

describe("a place in the fields of a part", () => {
  test("a key is set, named for merging, and taken out", () => {
    const { slot, last } = slotFor({ name: "a", path: "/in/x" });
    slot.set("path", "/in/y");
    expect(last()).toEqual({
      fields: { name: "a", path: "/in/y" },
      merge: "/endpoints/1/path",
    });
    slot.set("path", undefined);
    expect(last()?.fields).toEqual({ name: "a" });
  });

  test("an object inside comes with its first key and goes with its last", () => {
    const { slot, last } = slotFor({ name: "a" });
    slot.inner("limits").set("body_bytes_max", 7);
    expect(last()).toEqual({
      fields: { name: "a", limits: { body_bytes_max: 7 } },
      merge: "/endpoints/1/limits/body_bytes_max",
    });
    const other = slotFor({ name: "a", limits: { body_bytes_max: 7 } });
    other.slot.inner("limits").set("body_bytes_max", undefined);
    expect(other.last()?.fields).toEqual({ name: "a" });
  });

  test("an item of a list is changed and taken out, however deep", () => {
    const auth = { kind: "any", of: [{ kind: "none" }, { kind: "all", of: [{ kind: "ip" }] }] };
    const { slot, last } = slotFor({ auth });
    const deep = slot.inner("auth").items("of")[1]?.items("of")[0] as Slot;
    deep.set("ranges", ["::1"]);
    expect(last()?.fields).toEqual({
      auth: {
        kind: "any",
        of: [{ kind: "none" }, { kind: "all", of: [{ kind: "ip", ranges: ["::1"] }] }],
      },
    });
    slot.inner("auth").items("of")[0]?.replace(undefined);
    expect(last()?.fields).toEqual({ auth: { kind: "any", of: [auth.of[1]] } });
  });

  test("tells the errors of its own keys, and no warnings", () => {
    const { slot } = slotFor({ auth: { of: [{}] } }, [
      { place: "/endpoints/1/auth/of/0/secret", severity: "error" },
      { place: "/endpoints/1/name", severity: "warning" },
      { place: "/endpoints/1/auth", severity: "error" },
    ]);
    expect(slot.error("name")).toBeUndefined();
    expect(slot.inner("auth").error("")).toBe("/endpoints/1/auth");
    expect(slot.inner("auth").items("of")[0]?.error("secret")).toBeDefined();
  });

  test("setting a key and its old value again changes nothing", () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fields, fc.string(), fc.jsonValue(), (before, key, value) => {
        const old = Object.hasOwn(before, key) ? before[key] : undefined;
        expect(withKey(withKey(before, key, value), key, old)).toEqual(before);
      }),
    );
  });
});
