import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FlowDetail } from "@/api";
import { ApiError } from "@/api/error";
import type { Fields } from "../../document";
import { addStep, remove, setFields } from "../commands";
import { createSession, type Kept, type Ports, type Session } from "./session";

const begin: Fields = { name: "f", steps: [{ name: "a", kind: "set", values: {} }] };
const detail = (document: Fields, draft_etag: string): FlowDetail =>
  ({ id: 1, name: "f", document, draft_etag, problems: [], layout: null }) as unknown as FlowDetail;

/** A Hookloom that holds one draft, and can be told to fail. */
class Holder {
  document = begin;
  revision = 1;
  fails: Error | null = null;
  saves: Fields[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  kept: Kept | undefined;

  readonly ports: Ports = {
    keep: (kept) => (this.kept = structuredClone(kept)),
    now_ms: () => Date.now(),
    save: async (document, etag) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
      await new Promise((done) => setTimeout(done, 50));
      this.atOnce--;
      if (this.fails) throw this.fails;
      if (etag !== this.etag) {
        const told = { code: "draft_conflict", message: "", current: this.detail() };
        throw new ApiError(409, told, "PUT");
      }
      this.document = document;
      this.revision++;
      this.saves.push(document);
      return this.detail();
    },
  };

  get etag() {
    return `1-${this.revision}`;
  }
  detail = () => detail(this.document, this.etag);
  changeElsewhere(document: Fields) {
    this.document = document;
    this.revision++;
  }
  open = (kept?: Kept): Session => createSession(this.detail(), kept, this.ports);
}

const add = (session: Session) =>
  session.run({ label: "add" }, (document) => addStep(document, { kind: "set" }));
const state = (session: Session) => session.store.getState();
const settle = () => vi.advanceTimersByTimeAsync(60_000);

describe("a flow that is being edited", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is saved at once, in order, one save at a time, with everything in the last", async () => {
    const holder = new Holder();
    const session = holder.open();
    for (let n = 0; n < 20; n++) {
      add(session);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(state(session).save.kind).toBe("saving");
    await settle();
    expect(holder.document).toEqual(state(session).document);
    expect(holder.mostAtOnce).toBe(1);
    expect(state(session).save).toEqual({ kind: "saved" });
  });

  it("says why it is not saved, tries again when that may help, and loses nothing", async () => {
    const holder = new Holder();
    const session = holder.open();
    holder.fails = new ApiError(0, { code: "unreachable", message: "" }, "PUT");
    add(session);
    await vi.advanceTimersByTimeAsync(500);
    expect(state(session).save).toEqual({ kind: "failed", error: holder.fails });
    expect(holder.kept?.isSaved).toBe(false);
    const flushed = expect(session.flush()).rejects.toBe(holder.fails);
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    holder.fails = null;
    await settle();
    expect(state(session).save.kind).toBe("saved");
    expect(holder.document).toEqual(state(session).document);
  });

  it("does not send again what was refused for good, until it is changed", async () => {
    const holder = new Holder();
    const session = holder.open();
    holder.fails = new ApiError(413, { code: "body_too_large", message: "" }, "PUT");
    add(session);
    await settle();
    holder.fails = null;
    await settle();
    expect(holder.saves).toHaveLength(0);
    add(session);
    await settle();
    expect(holder.saves).toHaveLength(1);
  });

  it("undoes after a restart, what was typed as one, and saves that too", async () => {
    const holder = new Holder();
    const session = holder.open();
    const type = (url: string) =>
      session.run({ label: "fields", merge: "a.url" }, (document) =>
        setFields(document, { id: "step:a", fields: { name: "a", kind: "set", url } }),
      );
    add(session);
    type("h");
    type("ht");
    await settle();
    const again = holder.open(holder.kept);
    again.undo();
    again.undo();
    expect(JSON.stringify(state(again).document)).toBe(JSON.stringify(begin));
    await settle();
    expect(holder.document).toEqual(begin);
    again.redo();
    again.redo();
    await settle();
    expect(holder.document).toEqual(state(session).document);
  });

  it("saves after a crash what it had kept and not saved", async () => {
    const holder = new Holder();
    const session = holder.open();
    holder.fails = new Error("the window is gone");
    add(session);
    await vi.advanceTimersByTimeAsync(100);
    holder.fails = null;
    const again = holder.open(holder.kept);
    await Promise.all([again.flush(), settle()]);
    expect(holder.document).toEqual(state(session).document);
  });

  it("does not overwrite, after a crash, what was changed elsewhere meanwhile", async () => {
    const holder = new Holder();
    holder.fails = new Error("the window is gone");
    add(holder.open());
    await vi.advanceTimersByTimeAsync(100);
    holder.fails = null;
    holder.changeElsewhere({ name: "f", steps: [] });
    const again = holder.open(holder.kept);
    await Promise.all([again.flush().catch(() => undefined), settle()]);
    expect(state(again).save.kind).toBe("conflict");
    expect(holder.document).toEqual({ name: "f", steps: [] });
  });

  it("takes in what was changed elsewhere, as a change that can be undone", async () => {
    const holder = new Holder();
    const session = holder.open();
    holder.changeElsewhere({ name: "f", steps: [] });
    session.adopt(holder.detail());
    expect(state(session).document).toEqual({ name: "f", steps: [] });
    session.undo();
    await settle();
    expect(holder.document).toEqual(begin);
  });

  it("keeps both sides of a conflict until one is chosen", async () => {
    for (const choice of ["mine", "theirs"] as const) {
      const holder = new Holder();
      const session = holder.open();
      const theirs = remove(begin, { ids: ["step:a"] });
      holder.changeElsewhere(theirs);
      add(session);
      const mine = state(session).document;
      await settle();
      expect(state(session).save).toMatchObject({ kind: "conflict", theirs: { document: theirs } });
      expect(holder.saves).toHaveLength(0);
      session.resolve(choice);
      await settle();
      expect(holder.document).toEqual(choice === "mine" ? mine : theirs);
      expect(state(session).document).toEqual(holder.document);
      expect(state(session).save.kind).toBe("saved");
    }
  });

  it("does not take an answer that was asked for before a save for a change from elsewhere", async () => {
    const holder = new Holder();
    const session = holder.open();
    const stale = holder.detail();
    add(session);
    await settle();
    const mine = state(session).document;
    session.adopt(stale);
    expect(state(session).document).toBe(mine);
  });

  it("selects what a command added, and what was renamed stays selected", () => {
    const session = new Holder().open();
    add(session);
    expect(state(session).selected).toEqual(["step:values"]);
    const fields = { name: "first", kind: "set", values: {} };
    session.run({ label: "rename" }, (document) =>
      setFields(document, { id: "step:values", fields }),
    );
    expect(state(session).selected).toEqual(["step:first"]);
    session.undo();
    session.undo();
    expect(state(session).selected).toEqual([]);
  });
});
