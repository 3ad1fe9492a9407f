/** How soon something stands on the screen: the first page, the app's own window, and what a request brings. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY } from "../e2e/support/flows";
import { expect } from "../e2e/support/workbench";
import { WebKit, whyNoWebKit, type Engine } from "./support/engines";
import { under } from "./support/figures";
import { install } from "./support/inPage";
import { start } from "./support/orders";
import { found, inEachEngine, open, signIn, test } from "./support/test";

const PAINT_GOAL_MS = 1000;
const EVENT_GOAL_MS = 200;
const EVENTS = 100;
const PAUSE_MS = 70;
const FIRST = "first paint";
const APP = "first paint of the app, from its start";
const EVENT = "event to screen";
/** The built app; its window is measured where it is named. */
const PROGRAM = process.env.HOOKLOOM_APP;

/** The frame that first had words in it, and when the page stood, from when it was asked for. */
const painted = async () => {
  const stands = await window.measure.until(() => window.measure.find("main h1") !== undefined);
  const [first] = performance.getEntriesByName("first-contentful-paint");
  return { paint: first?.startTime ?? stands, stands, origin: performance.timeOrigin };
};

inEachEngine(FIRST, () => {
  test(FIRST, async ({ engine, served }) => {
    await engine.goto(served.link);
    const { paint, stands } = await engine.run(painted, null);
    found({ what: FIRST, engine: engine.name, ...under(paint, PAINT_GOAL_MS) });
    found({
      what: `${FIRST}, until Home stands`,
      engine: engine.name,
      ...under(stands, PAINT_GOAL_MS),
    });
  });
});

test(APP, async () => {
  const why = PROGRAM ? whyNoWebKit() : "HOOKLOOM_APP does not name it";
  if (why !== null) {
    found({ what: APP, engine: "WebKit", found: `not measured: ${why}`, goal: "", isMet: null });
    test.skip(true, why);
  }
  const folder = mkdtempSync(join(tmpdir(), "hookloom-measure-"));
  const keyFile = join(folder, "vault.key");
  writeFileSync(keyFile, "7e".repeat(32), { mode: 0o600 });
  const env = {
    HOOKLOOM_DATA: join(folder, "data"),
    HOOKLOOM_VAULT: "file",
    HOOKLOOM_VAULT_KEY_FILE: keyFile,
    HOOKLOOM_RECEIVER: "127.0.0.1:0",
    HOOKLOOM_CONTROL: "127.0.0.1:0",
    // Its window lets itself be driven.
    TAURI_AUTOMATION: "true",
    TAURI_WEBVIEW_AUTOMATION: "true",
  };
  const app = await WebKit.open({ binary: PROGRAM, args: [], env });
  try {
    await app.run(install, null);
    const { paint, stands, origin } = await app.run(painted, null);
    const before = origin - app.begunMs;
    found({ what: APP, engine: "WebKit", ...under(before + paint, PAINT_GOAL_MS) });
    const what = "the app, from its start until Home stands";
    found({ what, engine: "WebKit", ...under(before + stands, PAINT_GOAL_MS) });
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** When the frame with each new row of the list was there, by the system's clock. */
const rowsShown = (engine: Engine) =>
  engine.run(
    (wanted) =>
      new Promise<Record<string, number>>((done) => {
        const shown: Record<string, number> = {};
        let coming: string[] = [];
        const look = () => {
          const now = performance.timeOrigin + performance.now();
          for (const job of coming) shown[job] ??= now;
          const rows = document.querySelectorAll("main table tbody tr[aria-rowindex] .strong");
          coming = [...rows].map((row) => row.textContent.replace(/\D/g, ""));
          if (Object.keys(shown).length >= wanted) done(shown);
          else requestAnimationFrame(look);
        };
        look();
      }),
    EVENTS,
  );

inEachEngine(EVENT, () => {
  test(EVENT, async ({ engine, served, workbench, destination }) => {
    start(workbench, destination.url(""));
    await signIn(engine, served);
    await open(engine, served, "/jobs");
    const showing = rowsShown(engine);
    const sent = new Map<string, number>();
    for (let each = 0; each < EVENTS; each++) {
      await new Promise((done) => setTimeout(done, PAUSE_MS));
      const at = Date.now();
      const { answer } = await workbench.send("order_intake", KEY, { total: each });
      sent.set(String(answer.job_id), at);
    }
    const shown = await showing;
    const waits = [...sent].map(([job, at]) => (shown[job] ?? NaN) - at).sort((a, b) => a - b);
    expect(waits).toHaveLength(EVENTS);
    const of = (share: number) => waits[Math.ceil(waits.length * share) - 1] ?? NaN;
    const what = `${EVENT}: ${EVENTS} requests, from sending each to the frame with its job`;
    found({ what: `${what}, p95`, engine: engine.name, ...under(of(0.95), EVENT_GOAL_MS) });
    found({ what: `${what}, p50`, engine: engine.name, ...under(of(0.5), EVENT_GOAL_MS) });
  });
});
