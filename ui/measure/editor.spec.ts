/**
 * How quick a large flow is to draw, and to move about in, against the real program: part of `npm run measure`. Like the
 * other figures, these say something about one machine only.
 */
import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { open, test } from "../e2e/support/workbench";

const STEPS = 200;
const WATCHED_MS = 4000;
/** The file that the profile of the opening goes to, for the browser's tools; none is taken without it. */
const PROFILE = process.env.HOOKLOOM_PROFILE;

/** A flow that forks and comes together again every ten steps. */
function largeFlow(name: string, count: number): object {
  const steps = Array.from({ length: count }, (_, at) => {
    const after = (ends: [number, string][]) =>
      at === 0 ? {} : { after: ends.map(([step, on]) => ({ step: `step_${step}`, on: [on] })) };
    const place = at % 10;
    const own =
      place === 3
        ? { kind: "condition", expression: "{{ steps.step_0.data.total > 100 }}" }
        : place % 2 === 0
          ? { kind: "http", url: "https://shop.example/api/ship", method: "POST" }
          : { kind: "set", values: { total: "1", email: "ada@shop.example" } };
    if (place === 4) return { name: `step_${at}`, ...own, ...after([[at - 1, "true"]]) };
    if (place === 5) return { name: `step_${at}`, ...own, ...after([[at - 2, "false"]]) };
    if (place === 6) {
      const ends = [at - 2, at - 1].map((end): [number, string] => [end, "success"]);
      return { name: `step_${at}`, ...own, join: "any", ...after(ends) };
    }
    return { name: `step_${at}`, ...own, ...after([[at - 1, "success"]]) };
  });
  return {
    format: "hookloom.flow/1",
    name,
    endpoints: [{ name: `${name}_in`, auth: { kind: "none" } }],
    steps,
    outputs: [{ name: "last", step: `step_${count - 1}` }],
  };
}

interface Watched {
  drawn: number;
  longest: number;
}

/** Notes in the page when all cards are on the screen: the frame after the one that they were put into. */
async function watch(page: Page): Promise<void> {
  await page.evaluate((count) => {
    const watched: Watched = { drawn: 0, longest: 0 };
    Object.assign(window, { watched });
    const isDrawn = () =>
      document.querySelectorAll("nav[aria-label=Outline] li").length >= count &&
      document.querySelectorAll(".react-flow__node").length >= count &&
      document.querySelector(".react-flow__edge") !== null;
    const look = () => {
      if (!isDrawn()) return requestAnimationFrame(look);
      requestAnimationFrame(() => (watched.drawn = performance.now()));
    };
    look();
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        watched.longest = Math.max(watched.longest, duration);
      }
    }).observe({ type: "longtask" });
  }, STEPS);
}

/** From the moment when the flow had come until it was drawn. */
function drawnIn(page: Page): Promise<{ ms: number; longest: number }> {
  return page.evaluate(async () => {
    const { watched } = window as unknown as { watched: Watched };
    while (watched.drawn === 0) await new Promise((done) => setTimeout(done, 20));
    const data = performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\/flows\/large$/.test(name));
    const came = (data[0] as PerformanceResourceTiming | undefined)?.responseEnd ?? NaN;
    return { ms: watched.drawn - came, longest: watched.longest };
  });
}

/** Frames a second while one zooms in and out by the wheel, over the whole of the drawing or near one card. */
function zoomed(page: Page, forMs: number): Promise<{ perSecond: number; longestMs: number }> {
  return page.evaluate(async (ms) => {
    const pane = document.querySelector(".react-flow__pane");
    const box = pane?.getBoundingClientRect();
    const times: number[] = [];
    await new Promise<void>((done) => {
      const begun = performance.now();
      const tick = (now: number) => {
        times.push(now);
        const [clientX, clientY] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 300];
        const deltaY = times.length % 120 < 60 ? -24 : 24;
        const wheel = { clientX, clientY, deltaY, bubbles: true, cancelable: true };
        pane?.dispatchEvent(new WheelEvent("wheel", wheel));
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

test(`a flow of ${STEPS} steps`, async ({ page, workbench }) => {
  test.setTimeout(90_000);
  page.setDefaultTimeout(15_000);
  for (const [name, count] of [
    ["small", 3],
    ["large", STEPS],
  ] as const) {
    workbench.command(["flow", "import", workbench.file(`${name}.json`, largeFlow(name, count))]);
  }
  await page.goto(workbench.link);
  // Once before, so that all code is here.
  await open(page, "/flows/small");
  await page.locator(".react-flow__node").first().waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Flows" }).first().click();
  const row = page.getByRole("gridcell", { name: "large", exact: true });
  await row.waitFor();
  await watch(page);
  const tools = await page.context().newCDPSession(page);
  if (PROFILE) {
    await tools.send("Profiler.enable");
    await tools.send("Profiler.start");
  }
  await row.click();
  const { ms, longest } = await drawnIn(page);
  if (PROFILE) {
    const { profile } = await tools.send("Profiler.stop");
    writeFileSync(`${PROFILE}.open.cpuprofile`, JSON.stringify(profile));
    await tools.send("Profiler.start");
  }
  const zoom = await zoomed(page, WATCHED_MS);
  if (PROFILE) {
    const { profile } = await tools.send("Profiler.stop");
    writeFileSync(`${PROFILE}.zoom.cpuprofile`, JSON.stringify(profile));
  }
  console.log(
    `flow of ${STEPS} steps: drawn ${ms.toFixed(0)} ms after its data, longest task ${longest.toFixed(0)} ms; ` +
      `zoom ${zoom.perSecond.toFixed(1)} frames a second, longest ${zoom.longestMs.toFixed(0)} ms`,
  );
});
