/**
 * The engines that show the workbench, driven alike: Chromium, and the WebKitGTK of the desktop window in its own small
 * browser by its own driver. What is measured runs inside the page, so that the way there is no part of it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import type { Browser, CDPSession, Page } from "@playwright/test";
import { install } from "./inPage";

export const ENGINES = ["Chromium", "WebKit"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Engine {
  name: EngineName;
  goto: (url: string) => Promise<void>;
  /** Runs a function in the page; it sees its argument and `window.measure`, nothing else. */
  run: <Given, Found>(
    act: (given: Given) => Found | Promise<Found>,
    given: Given,
  ) => Promise<Found>;
  /** Notes what the engine does from now on; the answer ends it, and gives the processor time that the page took. */
  watch: (name: string) => Promise<() => Promise<number | null>>;
}

/** The folder that profiles for the browser's own tools go to; none is taken without it. */
const PROFILES = process.env.HOOKLOOM_PROFILES;

export function chromium(page: Page, browser: Browser): Engine {
  const run: Engine["run"] = (act, given) =>
    page.evaluate(act as (given: unknown) => never, given as unknown);
  return {
    name: "Chromium",
    async goto(url) {
      await page.goto(url);
      await run(install, null);
    },
    run,
    async watch(name) {
      const system = await browser.newBrowserCDPSession();
      const begun = await cpuMs(system);
      const tools = PROFILES === undefined ? null : await page.context().newCDPSession(page);
      await tools?.send("Profiler.enable");
      await tools?.send("Profiler.start");
      return async () => {
        const found = (await cpuMs(system)) - begun;
        if (tools) {
          const { profile } = await tools.send("Profiler.stop");
          writeFileSync(`${PROFILES}/${name}.cpuprofile`, JSON.stringify(profile));
        }
        return found;
      };
    },
  };
}

/** What the processes that draw pages have used of the processor so far. */
async function cpuMs(system: CDPSession): Promise<number> {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  const drawing = processInfo.filter(({ type }) => type === "renderer");
  return drawing.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
}

const BROWSER_FOLDERS = ["/usr/lib", "/usr/libexec"];

/** The small browser that comes with WebKitGTK, wherever this system keeps it. */
function miniBrowser(): string | undefined {
  const named = process.env.WEBKIT_BROWSER;
  if (named) return named;
  const folders = BROWSER_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) => [
    folder,
    ...readdirSync(folder).map((inner) => `${folder}/${inner}`),
  ]);
  return folders
    .map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`)
    .find((path) => existsSync(path));
}

/** Why WebKit cannot be driven here; null if it can. */
export function whyNoWebKit(): string | null {
  if (!miniBrowser()) return "WebKitGTK's MiniBrowser is missing (name it in WEBKIT_BROWSER)";
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return "there is no display: run it in xvfb-run";
  }
  return null;
}

/** The app's window draws like this unless somebody has set it (shell/display.rs). */
const AS_THE_APP = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

/** A program that draws with WebKit. */
interface Drawn {
  binary: string | undefined;
  args: string[];
  env: NodeJS.ProcessEnv;
}

export class WebKit implements Engine {
  readonly name = "WebKit";
  private constructor(
    private readonly driver: ChildProcess,
    private readonly session: string,
    /** When the program was asked to start, by the system's clock. */
    readonly begunMs: number,
  ) {}

  /** WebKit's own small browser, or another program with a window of WebKit's, such as the app. */
  static async open(
    { binary, args, env }: Drawn = { binary: miniBrowser(), args: ["--automation"], env: {} },
  ): Promise<WebKit> {
    const port = await freePort();
    const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      stdio: "ignore",
      env: { ...AS_THE_APP, ...process.env, ...env },
    });
    const failed = new Promise<never>((_, reject) => {
      driver.once("error", () =>
        reject(new Error("WebKitWebDriver is missing (Debian: apt-get install webkit2gtk-driver)")),
      );
    });
    const base = `http://127.0.0.1:${port}`;
    await Promise.race([failed, untilAnswered(`${base}/status`)]);
    const begun = Date.now();
    const opened = await post(`${base}/session`, {
      capabilities: {
        alwaysMatch: {
          "webkitgtk:browserOptions": { binary, args },
        },
      },
    });
    const { sessionId } = opened as { sessionId: string };
    const window = new WebKit(driver, `${base}/session/${sessionId}`, begun);
    await post(`${window.session}/timeouts`, { script: 240_000 });
    await post(`${window.session}/window/rect`, { width: 1280, height: 860 });
    return window;
  }

  async goto(url: string): Promise<void> {
    await post(`${this.session}/url`, { url });
    await this.run(install, null);
  }

  async run<Given, Found>(
    act: (given: Given) => Found | Promise<Found>,
    given: Given,
  ): Promise<Found> {
    const script = `const done = arguments[1];
      Promise.resolve().then(() => (${String(act)})(arguments[0])).then(
        (found) => done({ found: found ?? null }),
        (error) => done({ error: String(error) }),
      );`;
    const { found, error } = (await post(`${this.session}/execute/async`, {
      script,
      args: [given ?? null],
    })) as { found: Found; error?: string };
    if (error !== undefined) throw new Error(error);
    return found;
  }

  watch(): Promise<() => Promise<number | null>> {
    const begun = cpuMsBelow(this.driver.pid);
    const found = () => {
      const now = cpuMsBelow(this.driver.pid);
      return begun === null || now === null ? null : now - begun;
    };
    return Promise.resolve(() => Promise.resolve(found()));
  }

  async close(): Promise<void> {
    await fetch(this.session, { method: "DELETE" }).catch(() => undefined);
    const ended = new Promise((done) => this.driver.once("exit", done));
    this.driver.kill("SIGTERM");
    await ended;
  }
}

/** A tick of the clock that Linux counts a process's time by. */
const TICK_MS = 10;

/** What a process and all below it have used so far: the browser's parts that draw. Null where there is no `/proc`. */
function cpuMsBelow(top: number | undefined): number | null {
  if (top === undefined || !existsSync("/proc/self/stat")) return null;
  const all = new Map<number, { parent: number; ms: number }>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      // The name in brackets may have blanks in it.
      const [, rest = ""] = readFileSync(`/proc/${name}/stat`, "utf8").split(/\) (?=[^)]*$)/);
      const fields = rest.split(" ").map(Number);
      const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]];
      all.set(Number(name), { parent, ms: (user + system) * TICK_MS });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => pid === top || isBelowOne(all.get(pid)?.parent);
  const isBelowOne = (pid: number | undefined) => pid !== undefined && pid > 0 && isBelow(pid);
  let sum = 0;
  for (const [pid, { ms }] of all) if (isBelow(pid)) sum += ms;
  return sum;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`WebKit's driver: ${value.error}: ${value.message}`);
  return value;
}

const PATIENCE_MS = 20_000;

async function untilAnswered(url: string): Promise<void> {
  const begun = Date.now();
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() - begun > PATIENCE_MS) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
