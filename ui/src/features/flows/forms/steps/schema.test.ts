import { expect, test } from "vitest";
import { fieldsOfKind, labelOfKey } from "./schema";

const schema = {
  $defs: {
    step: {
      oneOf: [
        { properties: { kind: { const: "http" }, url: { $ref: "#/$defs/template" } } },
        {
          properties: {
            name: { $ref: "#/$defs/name" },
            kind: { const: "later" },
            timeout_ms: { type: "integer" },
            items: true,
            wait_ms: { type: "integer" },
            count: { type: "number" },
            flow: { $ref: "#/$defs/name" },
            wait: { type: "boolean", default: true },
            on_error: { enum: ["fail", "continue"], description: "What an error does." },
          },
          required: ["name", "kind", "flow"],
        },
      ],
    },
  },
};

test("each field of a kind gets what its schema says, without the fields of every step", () => {
  const fields = fieldsOfKind(schema, "later") ?? [];
  expect(fields.map(({ key, kind }) => [key, kind])).toEqual([
    ["items", "json"],
    ["wait_ms", "duration"],
    ["count", "number"],
    ["flow", "name"],
    ["wait", "switch"],
    ["on_error", "choice"],
  ]);
  expect(fields.find(({ key }) => key === "flow")?.isRequired).toBe(true);
  expect(fields.find(({ key }) => key === "wait")?.isDefault).toBe(true);
  expect(fields.at(-1)).toMatchObject({
    choices: ["fail", "continue"],
    description: "What an error does.",
  });
});

test("a kind or a schema that is not known gives nothing", () => {
  expect(fieldsOfKind(schema, "unknown")).toBeNull();
  expect(fieldsOfKind(null, "later")).toBeNull();
  expect(fieldsOfKind({ $defs: { step: { oneOf: [1, null] } } }, "later")).toBeNull();
});

test("a key is said in words", () => {
  expect(labelOfKey("parallel_max")).toBe("Parallel max");
  expect(labelOfKey("wait_ms")).toBe("Wait");
});
