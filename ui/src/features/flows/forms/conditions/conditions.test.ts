import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  emptyRow,
  group,
  isGroup,
  kindsOf,
  OPERATORS,
  row,
  valueAs,
  withOperator,
  type Group,
  type Item,
  type Operator,
  type Value,
} from "./model";
import { hasMistake, mistakeIn, printCondition } from "./print";
import { readCondition } from "./read";

/** Without the ids, which tell rows apart on the screen alone. */
function plain(item: Item | null): unknown {
  if (item === null) return null;
  if (isGroup(item)) return { [item.join]: item.items.map(plain) };
  const { left, operator, right } = item;
  return right === null ? [left, operator] : [left, operator, right];
}

const said = (text: string) => plain(readCondition(`{{ ${text} }}`));
const text = (value: string): Value => ({ kind: "text", text: value });
const number = (value: string): Value => ({ kind: "number", text: value });

describe("an expression as rows", () => {
  test.each([
    ["a.total > 100", { all: [["a.total", "gt", number("100")]] }],
    [
      "a == 'x' and not b",
      {
        all: [
          ["a", "eq", text("x")],
          ["b", "fails"],
        ],
      },
    ],
    [
      "a or b and c",
      {
        any: [
          ["a", "holds"],
          {
            all: [
              ["b", "holds"],
              ["c", "holds"],
            ],
          },
        ],
      },
    ],
    [
      "not (a or b)",
      {
        all: [
          {
            none: [
              ["a", "holds"],
              ["b", "holds"],
            ],
          },
        ],
      },
    ],
    [
      "not (a and b)",
      {
        all: [
          {
            none: [
              {
                all: [
                  ["a", "holds"],
                  ["b", "holds"],
                ],
              },
            ],
          },
        ],
      },
    ],
    ["not a == 1", { all: [{ none: [["a", "eq", number("1")]] }] }],
    ["'x' in a.tags", { all: [["a.tags", "contains", text("x")]] }],
    ["a not in ['x', \"y\"]", { all: [["a", "noneOf", { kind: "texts", items: ["x", "y"] }]] }],
    ["a in [1, -2.5]", { all: [["a", "oneOf", { kind: "numbers", items: ["1", "-2.5"] }]] }],
    ["a.b is defined", { all: [["a.b", "defined"]] }],
    ["a.b is not defined", { all: [["a.b", "missing"]] }],
    ["a is startingwith('or')", { all: [["a", "startsWith", text("or")]] }],
    ["a is even", { all: [["a is even", "holds"]] }],
    ["a | length == 0", { all: [["a | length", "eq", number("0")]] }],
    ["(a + b) * 2 <= c.d", { all: [["(a + b) * 2", "le", { kind: "expression", text: "c.d" }]] }],
    ['h["not"].in == none', { all: [['h["not"].in', "eq", { kind: "null" }]] }],
  ])("%s", (expression, expected) => {
    expect(said(expression)).toEqual(expected);
  });

  test.each(["a if b else c", "a < b < c", "a == not b", "a, b", "a ==", "(a", "a and", "a €", ""])(
    "“%s” is more than rows can say, or nothing",
    (expression) => {
      expect(said(expression)).toEqual(expression === "" ? { all: [] } : null);
    },
  );

  test("a text that is not one expression alone is not read", () => {
    expect(readCondition("{{ a }} {{ b }}")).toBeNull();
    expect(readCondition(" {{ a }}")).toBeNull();
    expect(readCondition("true")).toBeNull();
  });
});

const SOURCES = [
  "requestBody.total",
  'trigger.headers["x-not"]',
  "steps.enrich.data.items | length",
  "a + b * 2",
  "-n",
  'a ~ " and " ~ b',
  "(a + b) | round(1)",
  "a.in.or",
  "list[1:2]",
  '{"k": 1}.k',
];
/** What falls apart beside an operator, unless it stands in brackets. */
const LOOSE = ["a == b", "a and b", "not a", "a if b else c", "a in b", "a is even", "a < b < c"];

const source = fc.constantFrom(...SOURCES, ...LOOSE);
const words = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("}}", "{{", '"', "\\", "'"),
);
const numbers = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom("0", "-0", "1.50", "12345678901234567890", "1e5", "-2.5E-3"),
);
const line = words.filter((each) => each !== "" && !/[\r\n]/.test(each));

function valueOf(operator: Operator): fc.Arbitrary<Value | null> {
  const kinds = kindsOf(operator);
  if (kinds.length === 0) return fc.constant(null);
  return fc.oneof(
    ...kinds.map((kind): fc.Arbitrary<Value> => {
      switch (kind) {
        case "text":
          return words.map((each) => ({ kind, text: each }));
        case "number":
          return numbers.map((each) => ({ kind, text: each }));
        case "expression":
          return source.map((each) => ({ kind, text: each }));
        case "texts":
          return fc.array(line).map((items) => ({ kind, items }));
        case "numbers":
          return fc.array(numbers, { minLength: 1 }).map((items) => ({ kind, items }));
        default:
          return fc.constant({ kind });
      }
    }),
  );
}

const aRow: fc.Arbitrary<Item> = fc.constantFrom(...OPERATORS).chain((operator) => {
  const isBare = operator === "holds" || operator === "fails";
  const left = isBare ? fc.constantFrom(...SOURCES) : source;
  return fc.tuple(left, valueOf(operator)).map(([of, right]) => row(of, operator, right));
});

/** What a builder can show: a group with one row has no say in how rows are joined. */
const { item } = fc.letrec<{ item: Item; nested: Group }>((tie) => ({
  item: fc.oneof({ depthSize: "small" }, aRow, tie("nested")),
  nested: fc
    .tuple(
      fc.constantFrom("all", "any", "none"),
      fc.array(tie("item"), { minLength: 1, maxLength: 4 }),
    )
    .map(([join, items]) => group(join === "any" && items.length === 1 ? "all" : join, items)),
}));
const condition = fc
  .tuple(fc.constantFrom("all", "any"), fc.array(item, { maxLength: 4 }))
  .map(([join, items]) => group(join === "any" && items.length > 1 ? "any" : "all", items));

describe("what is printed", () => {
  test("is read as it was", () => {
    fc.assert(
      fc.property(condition, (shown) => {
        const read = readCondition(printCondition(shown));
        expect(plain(read)).toEqual(plain(shown));
      }),
      { numRuns: 300 },
    );
  });

  test("of any text that can be read is read as the same", () => {
    const piece = fc.constantFrom(
      ..."a b.c 1 'x' and or not in is defined ( ) == < + | length [1] if else , even".split(" "),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const read = readCondition(`{{ ${pieces.join(" ")} }}`);
        fc.pre(read !== null && read.items.length > 0);
        if (read) expect(plain(readCondition(printCondition(read)))).toEqual(plain(read));
      }),
      { numRuns: 700 },
    );
  });

  test("leaves out rows without a value, and groups of nothing else", () => {
    const shown = group("all", [row("a", "holds", null), emptyRow(), group("any", [emptyRow()])]);
    expect(printCondition(shown)).toBe("{{ a }}");
    expect(printCondition(group("all", [emptyRow()]))).toBe("");
  });
});

describe("a row that is written", () => {
  test("says what is wrong with it, however deep", () => {
    expect(mistakeIn(row("a)", "holds", null))).toBe("left");
    expect(mistakeIn(row("a, b", "eq", text("")))).toBe("left");
    expect(mistakeIn(row("a", "eq", number("1.")))).toBe("number");
    expect(mistakeIn(row("a", "eq", { kind: "expression", text: "" }))).toBe("value");
    expect(mistakeIn(row("a", "oneOf", { kind: "numbers", items: ["1", "x"] }))).toBe("numbers");
    expect(mistakeIn(emptyRow())).toBeNull();
    const deep = group("all", [group("any", [row("a", "eq", number("x"))])]);
    expect(hasMistake(deep)).toBe(true);
  });

  test("keeps its value where the other operator takes one", () => {
    const before = row("a", "eq", text("5"));
    expect(withOperator(before, "gt").right).toEqual(text("5"));
    expect(withOperator(before, "oneOf").right).toEqual({ kind: "texts", items: ["5"] });
    expect(withOperator(before, "defined").right).toBeNull();
    expect(valueAs(text("5"), "number")).toEqual(number("5"));
    expect(valueAs(text("x"), "number")).toEqual(number(""));
  });
});
