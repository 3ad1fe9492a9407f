import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edgesOf, isFields, partsOf, text, texts, type Fields } from "../../document";
import { apply, diff, invert } from "../history/patch";
import * as commands from "./index";

const flow: Fields = {
  format: "hookloom.flow/1",
  name: "order_intake",
  strange: { kept: true },
  endpoints: [{ name: "orders", auth: { kind: "none" }, later: 1 }],
  schedules: [{ name: "nightly", cron: "0 2 * * *", outputs: ["summary"] }],
  steps: [
    { name: "enrich", kind: "set", values: { a: "{{trigger.body.a}}" } },
    {
      name: "large",
      kind: "condition",
      expression: "{{steps.enrich.data.a}}",
      after: [{ step: "enrich" }],
    },
    {
      name: "ship",
      kind: "http",
      comment: "kept",
      after: [{ step: "large", on: ["true"], note: "kept" }],
      url: 'https://a.example/{{ steps.enrich.data.a }}?b={{steps["large"].exit_code}}',
      body: 'steps.enrich {{ "steps.enrich" ~ steps.enrich.data }}',
    },
    {
      name: "tell",
      kind: "script",
      code: "// {{steps.ship.data}}",
      after: [{ step: "large", on: ["false"] }],
    },
    { name: "rescue", kind: "http", url: "", after: [{ step: "ship", on: ["error"] }] },
  ],
  outputs: [{ name: "summary", step: "ship" }],
  webhook_tasks: [
    {
      name: "Slack",
      url: "https://b.example",
      object: "any_job",
      body: "{{steps.ship.data.status}}",
    },
    { name: "Mirror", url: "https://b.example", object: { outputs: ["summary"] } },
  ],
};

const step = (document: Fields, name: string) =>
  partsOf(document).steps.find((each) => each.name === name);
const waits = (document: Fields, name: string) => {
  const found = step(document, name);
  return found ? edgesOf(found) : undefined;
};

describe("adding", () => {
  it("puts a step after another, on the exit code that is free", () => {
    const added = commands.addStep(flow, { kind: "http", after: "step:enrich" });
    expect(commands.addedIds(flow, added)).toEqual(["step:call"]);
    expect(waits(added, "call")).toEqual([{ step: "enrich", on: ["success"] }]);
    const branch = { ...flow, steps: (flow.steps as Fields[]).slice(0, 3) };
    const other = commands.addStep(branch, { kind: "http", after: "step:large" });
    expect(waits(other, "call")).toEqual([{ step: "large", on: ["false"] }]);
  });

  it("puts a step between two, which takes over the exit codes", () => {
    const added = commands.insertStep(flow, { from: "step:large", to: "step:ship", kind: "delay" });
    expect(waits(added, "delay")).toEqual([{ step: "large", on: ["true"] }]);
    expect(waits(added, "ship")).toEqual([{ step: "delay", on: ["success"] }]);
    expect(step(added, "ship")?.fields.comment).toBe("kept");
    const first = commands.insertStep(flow, {
      from: "endpoint:orders",
      to: "step:enrich",
      kind: "set",
    });
    expect(waits(first, "enrich")).toEqual([{ step: "values", on: ["success"] }]);
    const last = commands.insertStep(flow, {
      from: "step:ship",
      to: "output:summary",
      kind: "set",
    });
    expect(partsOf(last).outputs[0]?.fields.step).toBe("values");
  });
});

describe("connecting", () => {
  it("adds codes to an edge that is there, and refuses a circle", () => {
    const both = commands.connect(flow, { from: "step:large", to: "step:ship", on: ["false"] });
    expect(waits(both, "ship")).toEqual([{ step: "large", on: ["true", "false"] }]);
    expect(commands.refusal(flow, "step:ship", "step:enrich")).toBe("circle");
    expect(commands.connect(flow, { from: "step:ship", to: "step:enrich" })).toBe(flow);
    expect(commands.refusal(flow, "endpoint:orders", "step:ship")).toBe("start");
  });

  it("takes an edge out, and says its codes anew with the rest of it kept", () => {
    const edge = { from: "step:large", to: "step:ship" };
    expect(step(commands.disconnect(flow, edge), "ship")?.fields).not.toHaveProperty("after");
    const coded = commands.setCodes(flow, { ...edge, on: ["*"] });
    expect(step(coded, "ship")?.fields.after).toEqual([{ step: "large", on: ["*"], note: "kept" }]);
  });

  it("gives an output its step, and a task its outputs", () => {
    const moved = commands.connect(flow, { from: "step:tell", to: "output:summary" });
    expect(partsOf(moved).outputs[0]?.fields.step).toBe("tell");
    const told = commands.connect(flow, { from: "output:summary", to: "task:Slack" });
    expect(partsOf(told).tasks[0]?.fields.object).toEqual({ outputs: ["summary"] });
    const every = commands.connect(told, { from: "end", to: "task:Slack" });
    expect(partsOf(every).tasks[0]?.fields.object).toBe("any_job");
  });
});

describe("renaming", () => {
  it("takes edges, outputs and templates along, and nothing that only looks alike", () => {
    const renamed = commands.rename(flow, { id: "step:enrich", name: "prepare" });
    expect(waits(renamed, "large")).toEqual([{ step: "prepare", on: ["success"] }]);
    expect(step(renamed, "ship")?.fields.url).toContain("{{ steps.prepare.data.a }}");
    expect(step(renamed, "ship")?.fields.body).toBe(
      'steps.enrich {{ "steps.enrich" ~ steps.prepare.data }}',
    );
    const bracket = commands.rename(flow, { id: "step:large", name: "big" });
    expect(step(bracket, "ship")?.fields.url).toContain('{{steps["big"].exit_code}}');
    const shipped = commands.rename(flow, { id: "step:ship", name: "send" });
    expect(partsOf(shipped).tasks[0]?.fields.body).toBe("{{steps.send.data.status}}");
    expect(step(shipped, "tell")?.fields.code).toBe("// {{steps.ship.data}}");
    expect(partsOf(shipped).outputs[0]?.fields.step).toBe("send");
  });

  it("of an output is followed by tasks and schedules", () => {
    const renamed = commands.rename(flow, { id: "output:summary", name: "report" });
    expect(partsOf(renamed).tasks[1]?.fields.object).toEqual({ outputs: ["report"] });
    expect(partsOf(renamed).schedules[0]?.fields.outputs).toEqual(["report"]);
  });

  it("does not take a name that another has, or that means something else", () => {
    expect(commands.rename(flow, { id: "step:ship", name: "enrich" })).toBe(flow);
    expect(commands.nameMistake(flow, "step", "steps")).toBe("reserved");
    expect(commands.nameMistake(flow, "step", "a b")).toBe("shape");
    expect(commands.nameMistake(flow, "step", "ship", "ship")).toBeNull();
  });
});

describe("deleting", () => {
  it("mends the way through a step with the codes that led to it", () => {
    const gone = commands.remove(flow, { ids: ["step:large"] });
    expect(waits(gone, "ship")).toEqual([{ step: "enrich", on: ["success"] }]);
    expect(waits(gone, "tell")).toEqual([{ step: "enrich", on: ["success"] }]);
  });

  it("lets what handled an error handle the one before", () => {
    const gone = commands.remove(flow, { ids: ["step:ship"] });
    expect(waits(gone, "rescue")).toEqual([{ step: "large", on: ["error"] }]);
  });

  it("takes the outputs of a step with it, and out of tasks and schedules", () => {
    const gone = commands.remove(flow, { ids: ["step:ship"] });
    expect(partsOf(gone).outputs).toEqual([]);
    expect(partsOf(gone).tasks[1]?.fields.object).toEqual({ outputs: [] });
    expect(partsOf(gone).schedules[0]?.fields.outputs).toEqual([]);
  });
});

describe("pasting", () => {
  it("makes names unique and keeps what is connected among the pasted", () => {
    const clip = commands.readClip(
      commands.copyText(flow, ["step:large", "step:ship", "output:summary"]),
    );
    const twice = commands.paste(flow, { clip: clip ?? {} });
    expect(waits(twice, "large_2")).toEqual([{ step: "enrich", on: ["success"] }]);
    expect(waits(twice, "ship_2")?.[0]?.step).toBe("large_2");
    expect(step(twice, "ship_2")?.fields.url).toContain('{{steps["large_2"].exit_code}}');
    expect(partsOf(twice).outputs[1]?.fields).toMatchObject({ name: "summary_2", step: "ship_2" });
    const elsewhere = commands.paste({ name: "other" }, { clip: clip ?? {} });
    expect(step(elsewhere, "large")?.fields).not.toHaveProperty("after");
    expect(waits(elsewhere, "ship")?.[0]?.step).toBe("large");
  });

  it("takes a whole flow document, and nothing else", () => {
    expect(commands.readClip(JSON.stringify(flow))).toEqual(flow);
    for (const other of ["", "no json", "[]", '{"steps": [{"name": "a"}]}', '{"format": "x"}']) {
      expect(commands.readClip(other), other).toBeNull();
    }
  });
});

/** A command with arguments that are numbers: they choose among what the document has. */
const turn = fc.record({
  command: fc.constantFrom(
    "add",
    "addPart",
    "insert",
    "connect",
    "disconnect",
    "codes",
    "rename",
    "fields",
    "remove",
    "removeMany",
    "duplicate",
    "paste",
    "reorder",
    "move",
    "clear",
    "settings",
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
  word: fc.constantFrom(
    "success",
    "error",
    "*",
    "enrich",
    "x",
    "big one",
    "",
    "steps",
    "constructor",
  ),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

function run(document: Fields, { command, a, b, word }: Turn): Fields {
  const parts = commands.partsIn(document);
  const id = (n: number) => parts[n % Math.max(1, parts.length)]?.id ?? "step:none";
  const ends = { from: id(a), to: id(b) };
  const kind = commands.STEP_KINDS[a % commands.STEP_KINDS.length] ?? "http";
  const other = (["endpoint", "schedule", "output", "task"] as const)[a % 4] ?? "task";
  switch (command) {
    case "add":
      return commands.addStep(document, { kind, after: id(b) });
    case "addPart":
      return commands.addPart(document, { kind: other, after: id(b) });
    case "insert":
      return commands.insertStep(document, { ...ends, kind });
    case "connect":
      return commands.connect(document, { ...ends, ...(word ? { on: [word] } : {}) });
    case "disconnect":
      return commands.disconnect(document, ends);
    case "codes":
      return commands.setCodes(document, { ...ends, on: word ? [word] : [] });
    case "rename":
      return commands.rename(document, { id: id(a), name: word });
    case "fields": {
      const fields = commands.find(document, id(a))?.fields ?? {};
      return commands.setFields(document, { id: id(a), fields: { ...fields, name: word, b } });
    }
    case "remove":
      return commands.remove(document, { ids: [id(a)] });
    case "removeMany":
      return commands.remove(document, {
        ids: parts.flatMap((p, at) => (at % 3 === a % 3 ? [p.id] : [])),
      });
    case "duplicate":
      return commands.duplicate(document, { ids: [id(a), id(b)] });
    case "paste":
      return commands.paste(document, { clip: a % 2 ? flow : document });
    case "reorder":
      return commands.reorder(document, { id: id(a), by: (b % 5) - 2 });
    case "move":
      return commands.moveNodes(document, { positions: { [id(a)]: { x: b, y: a } } });
    case "clear":
      return commands.clearLayout(document);
    case "settings":
      return commands.setSettings(document, { fields: word ? { title: word } : {} });
  }
  return document;
}

const KEEPS_GROWING_PARTS = 60;

describe("every command, on every document that commands lead to", () => {
  it("can be undone, keeps names unique and leaves no edge to nothing", () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 25 }), (turns) => {
        let document = flow;
        for (const each of turns) {
          if (commands.partsIn(document).length > KEEPS_GROWING_PARTS) break;
          const before = JSON.stringify(document);
          const next = run(document, each);
          expect(JSON.stringify(document), "the document before is not touched").toBe(before);
          const patch = diff(document, next);
          expect(JSON.stringify(apply(next, invert(patch)))).toBe(before);
          expect(JSON.stringify(apply(document, patch))).toBe(JSON.stringify(next));
          expectWhole(next, JSON.stringify(each));
          document = next;
        }
        expect(document.strange, "unknown keys stay").toEqual({ kept: true });
      }),
      { numRuns: 150 },
    );
  });

  it("throws on no broken draft", () => {
    const broken = fc.record(
      {
        name: fc.jsonValue(),
        endpoints: fc.jsonValue({ maxDepth: 2 }),
        steps: fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          fc.array(
            fc.record({
              name: fc.oneof(fc.constantFrom("a", "b", ""), fc.jsonValue({ maxDepth: 1 })),
              kind: fc.constantFrom("http", "switch", 7),
              cases: fc.jsonValue({ maxDepth: 1 }),
              after: fc.oneof(
                fc.jsonValue({ maxDepth: 2 }),
                fc.array(fc.record({ step: fc.constantFrom("a", "b", 3), on: fc.jsonValue() })),
              ),
            }),
          ),
        ),
        outputs: fc.jsonValue({ maxDepth: 2 }),
        webhook_tasks: fc.jsonValue({ maxDepth: 3 }),
        layout: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(broken, fc.array(turn, { maxLength: 6 }), (document, turns) => {
        let next: Fields = document;
        for (const each of turns) {
          const after = run(next, each);
          expect(JSON.stringify(apply(after, invert(diff(next, after))))).toBe(
            JSON.stringify(next),
          );
          next = after;
        }
      }),
      { numRuns: 200 },
    );
  });
});

function expectWhole(document: Fields, why: string) {
  const { steps, outputs, ...others } = partsOf(document);
  const names = new Set(steps.map(({ name }) => name));
  for (const list of [steps, outputs, ...Object.values(others)]) {
    const own = list.map(({ name }) => name);
    expect(new Set(own).size, `names after ${why}: ${own.join(" ")}`).toBe(own.length);
  }
  for (const each of steps) {
    for (const edge of edgesOf(each)) expect(names.has(edge.step), `edge after ${why}`).toBe(true);
  }
  for (const each of outputs) {
    const from = text(each.fields.step);
    expect(from === "" || names.has(from), `output after ${why}`).toBe(true);
  }
  const given = new Set(outputs.map(({ name }) => name));
  for (const { fields } of others.tasks) {
    const wanted = isFields(fields.object) ? texts(fields.object.outputs) : [];
    expect(
      wanted.every((name) => given.has(name)),
      `task after ${why}`,
    ).toBe(true);
  }
}
