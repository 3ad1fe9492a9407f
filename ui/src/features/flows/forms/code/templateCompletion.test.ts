import { CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TemplateNames } from "@/api/types";
import { expressionSpans, openExpression } from "./expressionSpans";
import { choicesAt } from "./templateCompletion";
import { sourceOf } from "./templateExtensions";

const known: TemplateNames = {
  job_id: 7,
  truncated: false,
  names: [
    { expression: "steps.enrich.data.email", type: "string", sample: "a@b.c", source: "steps" },
    { expression: "steps.enrich.data.total", type: "number", sample: "300", source: "steps" },
    { expression: 'requestHeaders["x-id"]', type: "string", sample: "9", source: "memory" },
    { expression: "vars.shop_url", type: "string", sample: "https://x", source: "vars" },
  ],
  filters: [
    { name: "default", description: "Another value for one that is not there." },
    { name: "upper", description: "Capital letters." },
  ],
};

/** What is offered where `|` stands, and what a chosen one replaces. */
function at(marked: string, isAsked = false) {
  const cursor = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  const choice = choicesAt(text, cursor, known, isAsked);
  if (!choice) return null;
  return {
    labels: choice.options.map(({ label }) => label),
    word: text.slice(choice.from, cursor),
    apply: choice.options[0]?.apply,
  };
}

test("names are offered inside an expression, by their beginning or their parts", () => {
  expect(at("Hi {{‸")?.labels).toHaveLength(4);
  expect(at("{{ steps.en‸ }}")).toMatchObject({ word: "steps.en", labels: { length: 2 } });
  expect(at("{{ enr.tot‸ }}")?.labels).toEqual(["steps.enrich.data.total"]);
  expect(at('{{ requestHeaders["x‸')).toMatchObject({
    word: 'requestHeaders["x',
    labels: ['requestHeaders["x-id"]'],
  });
  expect(at("{{ a + vars.sh‸")?.labels).toEqual(["vars.shop_url"]);
  expect(at("{{ nothing.like.it‸")).toBeNull();
});

test("a list that is open follows the next letters at once, without asking again", async () => {
  let asked = 0;
  const source = sourceOf(
    () => {
      asked += 1;
      return Promise.resolve(known);
    },
    () => ({ section: (name) => ({ name, rank: 0 }), type: (type) => type }),
  );
  const contextOf = (doc: string) =>
    new CompletionContext(EditorState.create({ doc }), doc.length, false);
  const labels = (result: CompletionResult | null | undefined) =>
    result?.options.map(({ label }) => label);
  const first = await source(contextOf("{{t"));
  expect(labels(first)?.length).toBeGreaterThan(1);
  const next = first?.update?.(first, 2, 5, contextOf("{{tot"));
  expect(labels(next)).toEqual(["steps.enrich.data.total"]);
  expect(next?.update?.(next, 2, 9, contextOf("{{tot}} x"))).toBeNull();
  expect(asked).toBe(1);
});

test("after a bar there are filters", () => {
  expect(at("{{ vars.shop_url | ‸ }}")?.labels).toEqual(["default", "upper"]);
  expect(at("{{ vars.shop_url | de‸")).toMatchObject({ word: "de", labels: ["default"] });
});

test("outside of expressions nothing is offered until somebody asks; then the braces come with it", () => {
  expect(at("total ‸")).toBeNull();
  expect(at("{{a}} ‸")).toBeNull();
  expect(at("total ‸", true)).toMatchObject({ word: "", apply: "{{steps.enrich.data.email}}" });
});

test("texts inside an expression are left alone", () => {
  expect(at("{{ vars.a | default('ste‸") ?? null).toBeNull();
});

test("expressions are found whatever stands in their texts", () => {
  expect(expressionSpans("a {{ x }} b {{ '}}' }} c {{ open")).toEqual([
    { from: 2, to: 9 },
    { from: 12, to: 22 },
  ]);
  expect(openExpression("{{ x }}", 4)).toEqual({ from: 2, to: 4 });
  expect(openExpression("{{ x }}", 7)).toBeNull();
});

test("spans never overlap and always begin and end with braces", () => {
  const piece = fc.constantFrom("{{", "}}", "'", '"', "\\", "a", " ", "{", "}");
  fc.assert(
    fc.property(fc.array(piece), fc.nat(), (pieces, seed) => {
      const text = pieces.join("");
      let end = 0;
      for (const { from, to } of expressionSpans(text)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(text.slice(from, from + 2) + text.slice(to - 2, to)).toBe("{{}}");
        end = to;
      }
      const cursor = seed % (text.length + 1);
      const choice = choicesAt(text, cursor, known, true);
      if (choice) expect(choice.from).toBeLessThanOrEqual(cursor);
    }),
  );
});
