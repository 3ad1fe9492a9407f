/** How smooth live lists are, and how quick the list of a long history is there. */
import { KEY } from "../e2e/support/flows";
import { expect, Workbench } from "../e2e/support/workbench";
import type { Engine } from "./support/engines";
import { smooth, under } from "./support/figures";
import { start } from "./support/orders";
import { serve } from "./support/served";
import { found, inEachEngine, open, signIn, test } from "./support/test";

const ROWS = 1000;
const PER_SECOND = 100;
const WATCHED_MS = 5000;
const SENDERS = 20;
const GOAL_MS = 300;
/** A data folder with a long history, whose vault has the key of the tests; without one, a short one is made. */
const FOLDER = process.env.HOOKLOOM_JOBS_FOLDER;
const LIVE = "live list";
const MANY = "list of many jobs";

const order = (total: number) => ({ customer: { email: "ada@shop.example" }, total });

async function sendMany(workbench: Workbench, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += SENDERS) {
    const calls = Array.from({ length: SENDERS }, (_, at) =>
      workbench.send("order_intake", KEY, order(sent + at)),
    );
    await Promise.all(calls);
  }
}

/** Loads page by page, as somebody who scrolls down, until there are so many rows. */
function loadRows(engine: Engine, rows: number): Promise<number> {
  return engine.run(async (wanted) => {
    const { until } = window.measure;
    const table = () => document.querySelector<HTMLElement>("main table");
    const loaded = () => Number(table()?.getAttribute("aria-rowcount") ?? 1) - 1;
    await until(() => loaded() > 0);
    while (loaded() < wanted) {
      const before = loaded();
      table()?.parentElement?.scrollTo({ top: 1e9 });
      await until(() => loaded() > before);
    }
    table()?.parentElement?.scrollTo({ top: 400 });
    return loaded();
  }, rows);
}

/** Frames while rows come in and somebody scrolls, and how many came. */
async function watched(engine: Engine, workbench: Workbench) {
  let isSending = true;
  let sent = 0;
  const begun = Date.now();
  const sending = (async () => {
    while (isSending) {
      await sendMany(workbench, SENDERS);
      sent += SENDERS;
      const rest = (sent / PER_SECOND) * 1000 - (Date.now() - begun);
      if (rest > 0) await new Promise((done) => setTimeout(done, rest));
    }
    return (sent / (Date.now() - begun)) * 1000;
  })();
  const frames = await engine.run((forMs) => {
    const list = document.querySelector("main table")?.parentElement;
    return window.measure.frames(forMs, (frame) =>
      list?.scrollBy({ top: frame % 240 < 120 ? 12 : -12 }),
    );
  }, WATCHED_MS);
  isSending = false;
  return { frames, perSecond: await sending };
}

inEachEngine(LIVE, () => {
  test(LIVE, async ({ engine, served, workbench, destination }) => {
    test.setTimeout(240_000);
    start(workbench, destination.url(""));
    await sendMany(workbench, ROWS);
    await signIn(engine, served);
    for (const list of ["requests", "jobs"]) {
      await open(engine, served, `/${list}`);
      const rows = await loadRows(engine, ROWS);
      const stop = await engine.watch(`live-${list}`);
      const { frames, perSecond } = await watched(engine, workbench);
      const liveMs = await stop();
      const came = `${rows} ${list}, ${perSecond.toFixed(0)} more a second`;
      found({ what: `${LIVE}: ${came}`, engine: engine.name, ...smooth(frames, liveMs) });
      const before = await engine.run(async () => {
        const count = () => document.querySelector("main table")?.getAttribute("aria-rowcount");
        await window.measure.click("main button", "Pause");
        await new Promise((done) => setTimeout(done, 500));
        return count();
      }, null);
      const stopPaused = await engine.watch(`paused-${list}`);
      const paused = await watched(engine, workbench);
      const pausedMs = await stopPaused();
      const after = await engine.run(
        () => document.querySelector("main table")?.getAttribute("aria-rowcount"),
        null,
      );
      expect(after).toBe(before);
      found({
        what: `${LIVE}: the same, paused`,
        engine: engine.name,
        ...smooth(paused.frames, pausedMs),
      });
    }
  });
});

inEachEngine(MANY, () => {
  test(MANY, async ({ engine, destination }) => {
    test.setTimeout(240_000);
    const workbench = await Workbench.start(FOLDER);
    const served = await serve(workbench);
    try {
      if (!FOLDER) {
        start(workbench, destination.url(""));
        await sendMany(workbench, ROWS);
        // One that fails, for the list of those.
        await workbench.send("order_intake", KEY, { total: 1 });
      }
      await signIn(engine, served);
      await open(engine, served, "/flows");
      // The rest of the code comes while nothing else is to do.
      await new Promise((done) => setTimeout(done, 2000));
      const { count, ms } = await engine.run(async () => {
        const { click, find, until } = window.measure;
        const begun = await click("nav a", "Jobs");
        const row = "main table tbody tr[aria-rowindex]";
        const isHere = () => find("main h1", "Jobs") !== undefined && find(row) !== undefined;
        const shown = await until(isHere);
        const newest = find("main table tbody tr[aria-rowindex] .strong")?.textContent ?? "";
        return { count: Number(newest.replace(/\D/g, "")), ms: shown - begun };
      }, null);
      const what = `list of ${count.toLocaleString("en")} jobs, from the click to its rows`;
      found({ what, engine: engine.name, ...under(ms, GOAL_MS) });
      const failed = await engine.run(async () => {
        const { until } = window.measure;
        const begun = performance.now();
        history.pushState({}, "", new URL("/jobs?status=failed", location.origin));
        dispatchEvent(new PopStateEvent("popstate"));
        const words = () => document.querySelector("main table tbody")?.textContent;
        return (await until(() => words()?.includes("Complete") === false)) - begun;
      }, null);
      const filtered = `list of ${count.toLocaleString("en")} jobs, those that failed`;
      found({ what: filtered, engine: engine.name, ...under(failed, GOAL_MS) });
    } finally {
      await served.stop();
      await workbench.stop();
    }
  });
});
