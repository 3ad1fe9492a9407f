/** A real `hookloom serve` in a folder of its own, and its command line. Ends what it started, by id. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";

const PROGRAM =
  process.env.HOOKLOOM_PROGRAM ?? resolve(import.meta.dirname, "../../../target/debug/hookloom");

interface Ready {
  receiver: string;
  control: string;
  ui: string;
  token_file: string;
}

export class Workbench {
  private constructor(
    readonly ready: Ready,
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** In a data folder of its own, or in one that is there and stays; its vault has the same key. Options are of `serve`. */
  static async start(data?: string, options: string[] = []): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), "hookloom-e2e-"));
    const keyFile = join(folder, "vault.key");
    writeFileSync(keyFile, "7e".repeat(32), { mode: 0o600 });
    const environment = {
      ...process.env,
      HOOKLOOM_DATA: data ?? join(folder, "data"),
      HOOKLOOM_VAULT: "file",
      HOOKLOOM_VAULT_KEY_FILE: keyFile,
    };
    const child = spawn(
      PROGRAM,
      ["serve", "--receiver", "127.0.0.1:0", "--control", "127.0.0.1:0", ...options],
      {
        env: environment,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const line = await new Promise<string>((found, failed) => {
      createInterface({ input: child.stdout! }).once("line", found);
      child.once("exit", (code) =>
        failed(new Error(`hookloom serve ended with ${code}; is it built? make cli`)),
      );
    });
    return new Workbench(JSON.parse(line) as Ready, folder, child, environment);
  }

  /** Runs a command of the same folder; what it prints. */
  command(args: string[], input = ""): string {
    const done = spawnSync(PROGRAM, args, { env: this.environment, input, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`hookloom ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  }

  /** Writes a document to a file that can be imported. */
  file(name: string, document: unknown): string {
    const path = join(this.folder, name);
    writeFileSync(
      path,
      typeof document === "string" ? document : JSON.stringify(document, null, 2),
    );
    return path;
  }

  /** Calls an endpoint as a sender would. */
  async send(
    flow: string,
    key: string,
    body: unknown,
  ): Promise<{ status: number; answer: Record<string, unknown> }> {
    const response = await fetch(`${this.ready.receiver}/api/webhook/local/${flow}?key=${key}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }

  /** A sign-in link that has not been used. */
  get link(): string {
    return this.ready.ui;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server of somebody else, whose answer a test can change. */
export class Destination {
  readonly received: Received[] = [];
  status = 200;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      this.received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(this.status, { "content-type": "application/json" }).end('{"ok":true}');
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/**
 * The folder of a built UI that is shown in place of the one in the program, so that a change of the UI
 * can be tried without building the program; its content security policy comes from there.
 */
const UI = process.env.HOOKLOOM_UI;

async function serveFrom(folder: string, context: BrowserContext, control: string): Promise<void> {
  const page = await fetch(control);
  const policy = page.headers.get("content-security-policy") ?? "";
  await context.route(
    (url) => url.origin === control && !url.pathname.startsWith("/api/"),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = join(folder, extname(pathname) === "" ? "index.html" : pathname);
      const headers = {
        "content-type": TYPES[extname(path)] ?? "",
        "content-security-policy": policy,
      };
      await route.fulfill({ headers, body: readFileSync(path) });
    },
  );
}

/** The media types of the files of a built UI. */
export const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** `test` with a workbench and a destination for each test. */
export const test = base.extend<{ workbench: Workbench; destination: Destination }>({
  workbench: async ({ context }, use) => {
    const workbench = await Workbench.start();
    if (UI) await serveFrom(resolve(UI), context, workbench.ready.control);
    await use(workbench);
    await workbench.stop();
  },
  destination: async ({}, use) => {
    const destination = new Destination();
    await destination.start();
    await use(destination);
    await destination.stop();
  },
});

/** Opens a page of the workbench by its address, and waits until it has what it shows. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Loading…")).toHaveCount(0);
}

export { expect };
