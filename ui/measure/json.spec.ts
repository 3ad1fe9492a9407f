/** How quick a large JSON body is to open, and to move about in. */
import { KEY, SIGNING, orderIntake } from "../e2e/support/flows";
import { smooth, under } from "./support/figures";
import { found, inEachEngine, open, signIn, test } from "./support/test";

const MIB = 1024 * 1024;
const BODY_MIB = Number(process.env.HOOKLOOM_BODY_MIB ?? 10);
/** As much as the endpoint takes, less what is around the items. */
const BODY_BYTES = BODY_MIB * MIB - 4096;
const GOAL_MS = 1000;
const WATCHED_MS = 3000;
const WHAT = `JSON of ${BODY_MIB} MiB`;

inEachEngine(WHAT, () => {
  test(WHAT, async ({ engine, served, workbench, destination }) => {
    test.setTimeout(120_000);
    workbench.command(["secret", "set", "orders_key"], KEY);
    workbench.command(["secret", "set", "shop_signing"], SIGNING);
    const flow = orderIntake(destination.url("")) as {
      endpoints: { limits: Record<string, number> }[];
    };
    for (const { limits } of flow.endpoints) limits.body_bytes_max = BODY_MIB * MIB;
    workbench.command(["flow", "import", workbench.file("flow.json", flow), "--publish"]);
    const item = { sku: "lamp", count: 2, note: "x".repeat(60), tags: ["a", "b"] };
    const count = Math.floor(BODY_BYTES / (JSON.stringify(item).length + 1));
    const items = Array.from({ length: count }, () => item);
    await workbench.send("order_intake", KEY, { customer: { email: "ada@shop.example" }, items });

    await signIn(engine, served);
    await open(engine, served, "/requests");
    const done = await engine.watch("json");
    const { ms, cameMs, itemsMs } = await engine.run(async () => {
      const { answered, click, find, until } = window.measure;
      await until(() => find("[role=tab]", "Body") !== undefined);
      await new Promise((done) => setTimeout(done, 1000));
      const begun = await click("[role=tab]", "Body");
      const shown = await until(() => find("[role=treeitem]", "items") !== undefined);
      const opening = performance.now();
      const row = find("[role=treeitem]", "items");
      row?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
      const open = await until(() => row?.getAttribute("aria-expanded") === "true");
      return { ms: shown - begun, cameMs: answered("/raw") - begun, itemsMs: open - opening };
    }, null);
    const cpuMs = await done();
    const engineName = engine.name;
    found({
      what: `${WHAT}, from the click to its rows`,
      engine: engineName,
      ...under(ms, GOAL_MS),
    });
    const cpu = cpuMs === null ? "" : `; ${cpuMs.toFixed(0)} ms of the processor`;
    found({
      what: `${WHAT}, of that until it had come`,
      engine: engineName,
      found: `${cameMs.toFixed(0)} ms; its ${count} items open in ${itemsMs.toFixed(0)} ms${cpu}`,
      goal: "",
      isMet: null,
    });
    const scrolling = await engine.watch("json-scroll");
    const scrolled = await engine.run((forMs) => {
      const rows = document.querySelector("[role=tree]");
      return window.measure.frames(forMs, (frame) =>
        rows?.scrollBy({ top: frame % 120 < 60 ? 200 : -150 }),
      );
    }, WATCHED_MS);
    const scrollMs = await scrolling();
    found({ what: `${WHAT}, scrolling`, engine: engineName, ...smooth(scrolled, scrollMs) });
  });
});
