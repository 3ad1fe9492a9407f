import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fields } from "../../document";
import { EMPTY, record, redo, undo, type Step } from "./history";

const typed = (name: string, at_ms = 0) => ({ label: "fields", merge: name, at_ms });

function after(documents: Fields[], begin: Fields = {}): Step {
  return documents.reduce<Step>(
    (step, document, at) => ({
      document,
      history: record(step.history, step.document, document, { label: "set", at_ms: at }),
    }),
    { history: EMPTY, document: begin },
  );
}

describe("the history of a draft", () => {
  it("undoes any number of changes to the first document, and does them all again", () => {
    const document = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(document, fc.array(document, { maxLength: 8 }), (begin, documents) => {
        const end = after(documents, begin);
        let step = end;
        while (step.history.done > 0) step = undo(step);
        expect(JSON.stringify(step.document)).toBe(JSON.stringify(begin));
        while (step.history.done < step.history.entries.length) step = redo(step);
        expect(JSON.stringify(step.document)).toBe(JSON.stringify(end.document));
      }),
    );
  });

  it("takes letters typed into one field for one change, until a pause", () => {
    let history = record(EMPTY, { a: "" }, { a: "h" }, typed("a", 1000));
    history = record(history, { a: "h" }, { a: "hi" }, typed("a", 1200));
    expect(history.entries).toHaveLength(1);
    expect(undo({ history, document: { a: "hi" } }).document).toEqual({ a: "" });
    history = record(history, { a: "hi" }, { a: "hi!" }, typed("a", 60_000));
    expect(history.entries).toHaveLength(2);
    history = record(history, { a: "hi!" }, { a: "hi!", b: 1 }, typed("b", 60_100));
    expect(history.entries).toHaveLength(3);
  });

  it("forgets what was typed and taken back", () => {
    const history = record(EMPTY, { a: "" }, { a: "h" }, typed("a"));
    expect(record(history, { a: "h" }, { a: "" }, typed("a")).entries).toEqual([]);
  });

  it("does not mix what is typed after an undo into what was undone", () => {
    let step = after([{ a: 1 }, { a: 2 }]);
    step = undo(step);
    const history = record(step.history, step.document, { a: 3 }, typed("a"));
    expect(history.entries).toHaveLength(2);
    expect(redo({ history, document: { a: 3 } }).document).toEqual({ a: 3 });
    expect(undo({ history, document: { a: 3 } }).document).toEqual({ a: 1 });
  });
});
