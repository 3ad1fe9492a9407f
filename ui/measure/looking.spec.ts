/**
 * How quick looking is, against the real program: `npm run measure` prints the figures of docs/measurements.md. They say
 * something about one machine only, so nothing here fails for being slow.
 */
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "../e2e/support/flows";
import { expect, open, test, type Workbench } from "../e2e/support/workbench";

const ROWS = 1000;
const PER_SECOND = 100;
const WATCHED_MS = 5000;
/** As much as the endpoint below takes, less what is around the items. */
const BODY_BYTES = Number(process.env.HOOKLOOM_BODY_MIB ?? 10) * 1024 * 1024 - 4096;
const SENDERS = 20;

function start(workbench: Workbench, shop: string): void {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const flow = orderIntake(shop) as { endpoints: { limits: Record<string, number> }[] };
  for (const { limits } of flow.endpoints) {
    limits.body_bytes_max = 10 * 1024 * 1024;
    delete limits.requests_per_minute_max;
  }
  workbench.command(["flow", "import", workbench.file("flow.json", flow), "--publish"]);
}

const order = (total: number) => ({ customer: { email: "ada@shop.example" }, total });

async function sendMany(workbench: Workbench, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += SENDERS) {
    const calls = Array.from({ length: SENDERS }, (_, at) =>
      workbench.send("order_intake", KEY, order(sent + at)),
    );
    await Promise.all(calls);
  }
}

/** Frames that were drawn, and the longest time between two of them. */
function frames(page: Page, forMs: number): Promise<{ perSecond: number; longestMs: number }> {
  return page.evaluate(async (ms) => {
    const times: number[] = [];
    const list = document.querySelector("main table")?.parentElement;
    await new Promise<void>((done) => {
      const begun = performance.now();
      const tick = (now: number) => {
        times.push(now);
        // Somebody scrolls as well.
        list?.scrollBy({ top: times.length % 240 < 120 ? 12 : -12 });
        if (now - begun < ms) requestAnimationFrame(tick);
        else done();
      };
      requestAnimationFrame(tick);
    });
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
    const whole = (times.at(-1) ?? 0) - (times[0] ?? 0);
    return { perSecond: (gaps.length / whole) * 1000, longestMs: Math.max(...gaps) };
  }, forMs);
}

test("a live list of 1,000 rows", async ({ page, workbench, destination }) => {
  test.setTimeout(240_000);
  start(workbench, destination.url(""));
  await sendMany(workbench, ROWS);
  await page.goto(workbench.link);
  await open(page, "/requests");
  const list = page.locator("main table").first();
  for (let pages = 0; pages < ROWS / 100; pages++) {
    await list.evaluate((table) => table.parentElement?.scrollTo({ top: 1e9 }));
    await page.waitForTimeout(200);
  }
  const rows = Number(await list.getAttribute("aria-rowcount")) - 1;
  let isSending = true;
  const sending = (async () => {
    while (isSending) {
      const begun = Date.now();
      await sendMany(workbench, SENDERS);
      const rest = (SENDERS / PER_SECOND) * 1000 - (Date.now() - begun);
      if (rest > 0) await page.waitForTimeout(rest);
    }
  })();
  const { perSecond, longestMs } = await frames(page, WATCHED_MS);
  isSending = false;
  await sending;
  const after = Number(await list.getAttribute("aria-rowcount")) - 1;
  console.log(
    `live list: ${rows} rows, ${((after - rows) / WATCHED_MS) * 1000} new a second, ` +
      `${perSecond.toFixed(1)} frames a second, longest ${longestMs.toFixed(0)} ms`,
  );
});

test("a JSON body of 10 MiB", async ({ page, workbench, destination }) => {
  test.setTimeout(120_000);
  start(workbench, destination.url(""));
  const item = { sku: "lamp", count: 2, note: "x".repeat(60), tags: ["a", "b"] };
  const items = Array.from(
    { length: Math.floor(BODY_BYTES / (JSON.stringify(item).length + 1)) },
    () => item,
  );
  await workbench.send("order_intake", KEY, { ...order(1), items });
  await page.goto(workbench.link);
  await open(page, "/requests");
  await expect(page.getByRole("tab", { name: "Body" })).toBeVisible();
  await page.evaluate(() => {
    const kept = window as unknown as { longest: number };
    kept.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) kept.longest = Math.max(kept.longest, entry.duration);
    }).observe({ type: "longtask" });
  });
  const begun = Date.now();
  await page.getByRole("tab", { name: "Body" }).click();
  await expect(page.getByRole("treeitem", { name: /^items/ })).toBeVisible();
  const opened = Date.now() - begun;
  const openItems = Date.now();
  await page.getByRole("treeitem", { name: /^items/ }).dblclick();
  await expect(page.getByRole("treeitem", { name: /^0/ })).toBeVisible();
  const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
  console.log(
    `JSON of ${(BODY_BYTES / 1024 / 1024).toFixed(1)} MiB: open in ${opened} ms, ` +
      `its ${items.length} items in ${Date.now() - openItems} ms, longest task ${longest.toFixed(0)} ms`,
  );
});
