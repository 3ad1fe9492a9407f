import fc from "fast-check";
import { expect, test } from "vitest";
import type { TemplateNames } from "@/api/types";
import { choicesInScript, savedNames, type ScriptNames } from "../code/scriptCompletion";
import { lineOf, scriptNames } from "./script";

const names: ScriptNames = {
  memory: ["requestBody", "total"],
  steps: ["enrich", "ship"],
  vars: ["shop_url"],
};

/** What is offered where `|` stands. */
function at(code: string, isAsked = false): string[] | null {
  const cursor = code.indexOf("|");
  const text = code.replace("|", "");
  const choice = choicesInScript(text, cursor, names, isAsked);
  return choice && choice.options.map(({ label }) => label);
}

test("the functions of a script are offered by their beginning", () => {
  expect(at("const a = mem|")).toEqual(["memory.load", "memory.save"]);
  expect(at("memory.s|")).toEqual(["memory.save"]);
  expect(at("secretState.|")).toEqual(["secretState.load"]);
  expect(at("ex|")).toEqual(["exit"]);
  expect(at("|")).toBeNull();
  expect(at("|", true)).toContain("return");
});

test("names of memory, steps and variables stand where they belong", () => {
  expect(at("memory.load('|")).toEqual(["requestBody", "total"]);
  expect(at('memory.save("to|')).toEqual(["total"]);
  expect(at("return steps.|")).toEqual(["enrich", "ship"]);
  expect(at("steps.enrich.|")).toEqual(["data", "exit_code"]);
  expect(at("vars.sh|")).toEqual(["shop_url"]);
});

test("texts, remarks and fields of one's own values are left alone", () => {
  expect(at("const a = 'mem|")).toBeNull();
  expect(at("// mem|")).toBeNull();
  expect(at("order.mem|")).toBeNull();
});

test("completion of any text at any place throws nothing and replaces only what is before it", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.boolean(), (text, seed, isAsked) => {
      const cursor = seed % (text.length + 1);
      const choice = choicesInScript(text, cursor, names, isAsked);
      if (choice) expect(choice.from).toBeLessThanOrEqual(cursor);
    }),
  );
});

test("saved names are read from the code of other scripts, and offered with those that Hookloom knows", () => {
  expect(savedNames("memory.save('a', 1); memory . save ( `b`, x); memory.save(name, 1)")).toEqual([
    "a",
    "b",
  ]);
  const known: TemplateNames = {
    job_id: 1,
    truncated: false,
    names: [
      { expression: "requestBody.total", type: "number", sample: "5", source: "memory" },
      { expression: "steps.first.data", type: "object", sample: "{}", source: "steps" },
      { expression: "vars.shop_url", type: "string", sample: "x", source: "vars" },
    ],
    filters: [],
  };
  const document = {
    vars: { region: "eu" },
    endpoints: [{ name: "in", header_memory: "requestHeaders" }],
    steps: [
      { name: "first", kind: "script", code: "memory.save('kept', 1)" },
      { name: "own", kind: "script", code: "" },
    ],
  };
  const context = { flow: "f", document, place: "/steps/1", isReadOnly: false };
  expect(scriptNames(context, known)).toEqual({
    memory: ["kept", "requestBody", "requestHeaders"],
    steps: ["first"],
    vars: ["region", "shop_url"],
  });
  expect(scriptNames(context, undefined).steps).toEqual(["first"]);
});

test("an error says its line", () => {
  expect(lineOf("RangeError: far (line 2, column 13: `throw x`)")).toBe(2);
  expect(lineOf("it took too long")).toBeNull();
});
