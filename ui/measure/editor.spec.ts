/** How quick a large flow is to draw, and to move about in. */
import { under, smooth } from "./support/figures";
import { found, inEachEngine, open, signIn, test } from "./support/test";

const STEPS = 200;
const WATCHED_MS = 4000;
const OPEN_GOAL_MS = 300;
const WHAT = `flow of ${STEPS} steps`;

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

inEachEngine(WHAT, () => {
  test(WHAT, async ({ engine, served, workbench }) => {
    test.setTimeout(90_000);
    for (const [name, count] of [
      ["small", 3],
      ["large", STEPS],
    ] as const) {
      workbench.command(["flow", "import", workbench.file(`${name}.json`, largeFlow(name, count))]);
    }
    // Once before, so that all code is here.
    await signIn(engine, served);
    await open(engine, served, "/flows/small");
    await engine.run(async () => {
      const { click, until } = window.measure;
      await until(() => document.querySelector(".react-flow__node") !== null);
      await click("nav a", "Flows");
      await until(() => window.measure.find("main td", "large") !== undefined);
      // The rest of the code comes while nothing else is to do.
      await new Promise((done) => setTimeout(done, 1000));
    }, null);

    const opened = await engine.watch("open");
    const ms = await engine.run(async () => {
      const { click, until, answered } = window.measure;
      const count = (selector: string) => document.querySelectorAll(selector).length;
      await click("main td", "large");
      // What is in sight comes first: cards down to the lower end of the canvas, but for a gap between two, and rows to that of the
      // outline.
      const reaches = (room: string, parts: string, gapPx: number) => {
        const end = document.querySelector(room)?.getBoundingClientRect().bottom ?? 0;
        const boxes = [...document.querySelectorAll(parts)].map((it) => it.getBoundingClientRect());
        return boxes.some(({ bottom, width }) => width > 0 && bottom >= end - gapPx);
      };
      const outline = "nav[aria-label=Outline]";
      const inSight = await until(
        () =>
          reaches(".react-flow", ".react-flow__node", 120) &&
          count(".react-flow__viewport path") > 0 &&
          reaches(outline, `${outline} li`, 1),
      );
      const came = answered("/flows/large");
      return inSight - came;
    }, null);
    const openCpuMs = await opened();
    const cpu = openCpuMs === null ? "" : ` (${openCpuMs.toFixed(0)} ms of the processor)`;
    found({
      what: `${WHAT}, from its data to drawn cards${cpu}`,
      engine: engine.name,
      ...under(ms, OPEN_GOAL_MS),
    });

    // Over the whole of the drawing, and out again; then along it, where words can be read.
    await engine.run(whole, null);
    const zoomed = await engine.watch("zoom");
    const zoom = await engine.run(zoomIt, WATCHED_MS);
    const zoomMs = await zoomed();
    found({ what: `${WHAT}, zooming`, engine: engine.name, ...smooth(zoom, zoomMs) });
    await engine.run(closer, null);
    const panned = await engine.watch("pan");
    const pan = await engine.run(panIt, WATCHED_MS);
    const panMs = await panned();
    found({ what: `${WHAT}, moving along it`, engine: engine.name, ...smooth(pan, panMs) });
  });
});

/** All of it is in sight, as somebody sees it who asks for that. */
async function whole() {
  await window.measure.click("button", "Show the whole flow");
  await new Promise((done) => setTimeout(done, 500));
}

function zoomIt(forMs: number) {
  const pane = document.querySelector(".react-flow__pane");
  const { x = 0, y = 0 } = pane?.getBoundingClientRect() ?? {};
  return window.measure.frames(forMs, (frame) => {
    const deltaY = frame % 120 < 60 ? -24 : 24;
    const place = { clientX: x + 300, clientY: y + 300 };
    pane?.dispatchEvent(
      new WheelEvent("wheel", { ...place, deltaY, bubbles: true, cancelable: true }),
    );
  });
}

/** To the size at which cards are read. */
async function closer() {
  for (let pressed = 0; pressed < 12; pressed++) {
    await window.measure.click("button", "Zoom in");
    await new Promise((done) => setTimeout(done, 200));
    const percent = document.querySelector(".react-flow__viewport");
    const scale = new DOMMatrix(getComputedStyle(percent as Element).transform).a;
    if (scale > 0.7) return;
  }
}

function panIt(forMs: number) {
  const pane = document.querySelector(".react-flow__pane") as Element;
  const { x, y } = pane.getBoundingClientRect();
  const send = (type: string, clientY: number) => {
    const place = { clientX: x + 300, clientY, button: 0, buttons: 1, view: window };
    const event = new MouseEvent(type, { ...place, bubbles: true, cancelable: true });
    (type === "mousedown" ? pane : window).dispatchEvent(event);
  };
  let at = y + 300;
  send("mousedown", at);
  return window.measure
    .frames(forMs, (frame) => {
      at += frame % 240 < 120 ? -12 : 12;
      send("mousemove", at);
    })
    .finally(() => send("mouseup", at));
}
