/** `test` for measurements: a workbench, an engine to look at it with, and a table for what was found. */
import { loadavg } from "node:os";
import { test as base } from "../../e2e/support/workbench";
import { chromium, ENGINES, WebKit, whyNoWebKit, type Engine, type EngineName } from "./engines";
import { FIGURE, type Figure } from "./figures";
import { serve, type Served } from "./served";

export function found(figure: Omit<Figure, "load">): void {
  const [load] = loadavg() as [number];
  test.info().annotations.push({
    type: FIGURE,
    description: JSON.stringify({ ...figure, load } satisfies Figure),
  });
}

interface Fixtures {
  engine: Engine;
  served: Served;
}

export const test = base.extend<Fixtures & { engineName: EngineName }>({
  engineName: ["Chromium", { option: true }],
  served: async ({ workbench }, use) => {
    const served = await serve(workbench);
    await use(served);
    await served.stop();
  },
  engine: async ({ engineName, browser }, use) => {
    if (engineName === "Chromium") {
      const page = await browser.newPage();
      await use(chromium(page, browser));
      return page.close();
    }
    const webkit = await WebKit.open();
    await use(webkit);
    return webkit.close();
  },
});

/** The same measurement in each engine that there is. */
export function inEachEngine(what: string, measured: () => void): void {
  for (const engineName of ENGINES) {
    test.describe(engineName, () => {
      test.use({ engineName });
      test.beforeEach(() => {
        const why = engineName === "WebKit" ? whyNoWebKit() : null;
        if (why === null) return;
        found({ what, engine: engineName, found: `not measured: ${why}`, goal: "", isMet: null });
        test.skip(true, why);
      });
      measured();
    });
  }
}

/** Signs in, and waits until the first page stands. */
export async function signIn(engine: Engine, { link }: Served): Promise<void> {
  await engine.goto(link);
  await engine.run(hasHead, null);
}

/** Opens a page by its address. */
export async function open(engine: Engine, { origin }: Served, path: string): Promise<void> {
  await engine.goto(new URL(path, origin).href);
  await engine.run(hasHead, null);
}

const hasHead = () => window.measure.until(() => window.measure.find("main h1") !== undefined);
