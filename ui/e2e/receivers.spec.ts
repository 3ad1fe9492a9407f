/**
 * The receivers that the workbench offers to copy, run as they are: what the real program signs is taken, everything
 * else is refused. Those in Rust are tests of the crate `signature`.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test, type Workbench } from "./support/workbench";

const FOLDER = resolve(import.meta.dirname, "../src/features/flows/forms/task/receivers");
const SCHEMES = ["x-webhook-signature", "standard-webhooks", "github", "stripe"];
const SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
/** Parsed and written again it would be other bytes. */
const BODY = '{"total": 1.0,  "name": "Zoë"}\n';
const HOUR_MS = 60 * 60 * 1000;

const RUNNERS: Record<string, (file: string) => [string, string[]]> = {
  mjs: (file) => ["node", [file]],
  py: (file) => ["python3", [file]],
  go: (file) => ["go", ["run", file]],
};

/** A receiver that runs on a free port. */
class Running {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(scheme: string, language: string): Promise<Running> {
    const [program, args] = RUNNERS[language]!(join(FOLDER, `${scheme}.${language}`));
    // In a group of its own: `go run` starts what it has built.
    const child = spawn(program, args, {
      env: { ...process.env, WEBHOOK_SECRET: SECRET, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const line = await new Promise<string>((found, failed) => {
      createInterface({ input: child.stdout! }).once("line", found);
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`${scheme}.${language} ended with ${code}`)));
    });
    return new Running(child, `http://127.0.0.1:${/\d+$/.exec(line)![0]}/hooks?order=7`);
  }

  async send(headers: Record<string, string>, body = BODY, method = "POST"): Promise<number> {
    const answer = await fetch(this.url, {
      method,
      headers,
      body: method === "POST" ? body : null,
    });
    return answer.status;
  }

  stop(): void {
    process.kill(-this.child.pid!, "SIGKILL");
  }
}

function signed(workbench: Workbench, scheme: string, more: string[] = []) {
  const file = workbench.file("body.json", BODY);
  const args = ["sign", "--scheme", scheme, "--secret-stdin", "--id", "dlv_1", ...more, file];
  const lines = workbench.command(args, SECRET).trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2)));
}

for (const language of Object.keys(RUNNERS)) {
  test(`receivers in ${language} take what was signed, and nothing else`, async ({ workbench }) => {
    const [program] = RUNNERS[language]!("");
    const isThere = spawnSync(program, ["version"]).error === undefined;
    const why = `${program} is not installed here: its receivers were not run`;
    if (!isThere) console.log(why);
    test.skip(!isThere, why);
    test.slow();
    for (const scheme of SCHEMES) {
      const receiver = await Running.start(scheme, language);
      try {
        const headers = signed(workbench, scheme);
        const said = `${scheme}.${language}`;
        expect(await receiver.send(headers), said).toBe(204);
        expect(await receiver.send(headers, JSON.stringify(JSON.parse(BODY))), said).toBe(401);
        expect(await receiver.send({}), said).toBe(401);
        if (scheme !== "github") {
          const stale = signed(workbench, scheme, ["--timestamp", `${Date.now() - HOUR_MS}`]);
          expect(await receiver.send(stale), said).toBe(401);
        }
        if (scheme === "x-webhook-signature") {
          const byUrl = signed(workbench, scheme, ["--method", "GET", "--url", receiver.url]);
          expect(await receiver.send(byUrl, "", "GET"), said).toBe(204);
        }
      } finally {
        receiver.stop();
      }
    }
  });
}

test("every scheme has a receiver in every language, and none is without its command", () => {
  for (const scheme of SCHEMES) {
    for (const language of [...Object.keys(RUNNERS), "rs"]) {
      const code = readFileSync(join(FOLDER, `${scheme}.${language}`), "utf8");
      expect(code).toContain(language === "rs" ? "Cargo.toml:" : "WEBHOOK_SECRET=");
    }
  }
});
