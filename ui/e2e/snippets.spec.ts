/**
 * The snippets that the workbench offers to senders, run as they are against the real receiver: every scheme that they
 * sign, and every other way in, in three languages.
 */
import { spawn } from "node:child_process";
import { credentialsOf, variableOf } from "@/features/endpoints/credentials";
import { SCHEMES } from "@/features/endpoints/schemes";
import { LANGUAGES, snippetIn, type Language, type Message } from "@/features/endpoints/snippets";
import { expect, test, type Workbench } from "./support/workbench";

const SECRETS: Record<string, string> = {
  text_key: "it's a key with 'quotes' & $signs",
  hex_key: "00ff10203040506070809a0b0c0d0e0f",
  base64_key: "AP8QIDBAUGBwgJoLDA0ODw==",
  whsec_key: "whsec_AP8QIDBAUGBwgJoLDA0ODw==",
};
const BODY = '{"name": "Zoë\'s \\"hook\\"", "total": 1.0, "cost": "$5 `x` ${y}"}';

const named = SCHEMES.filter(({ way }) => way !== "program").map(({ name, way }) => {
  const key = typeof way === "object" && "key" in way ? way.key : "text";
  return { kind: "signature", scheme: name, secret: `${key}_key` };
});
const custom = {
  header: "X-Shop",
  value: "t={timestamp},id={id},s={signature}",
  signed: "{method} {path} {timestamp}.{id}.{body} $x `y` \\",
};
const WAYS: Record<string, unknown>[] = [
  ...named,
  { kind: "none" },
  { kind: "shared_key", secret: "text_key" },
  { kind: "shared_key", secret: "text_key", header: "X-Key" },
  { kind: "api_key", secret: "text_key" },
  { kind: "bearer", secret: "hex_key" },
  { kind: "basic", username: "zoë o'neill", secret: "text_key" },
  { kind: "jwt", algorithm: "HS256", secret: "text_key", issuer: "shop", audience: "us" },
  { kind: "all", of: [{ kind: "shared_key", secret: "hex_key" }, named[0]] },
  {
    kind: "signature",
    secret: "base64_key",
    scheme: { kind: "custom", ...custom, key: "base64", hash: "sha512", encoding: "base64url" },
  },
];

/** One process runs all files of a language, one after the other, and prints a line for each. */
const RUNNERS: Record<Language, [string, string[]]> = {
  curl: ["bash", ["-c", 'for f; do bash "$f"; done', "-"]],
  javascript: [
    "node",
    ["--input-type=module", "-e", "for (const f of process.argv.slice(1)) await import(f);", "--"],
  ],
  python: ["python3", ["-c", "import runpy, sys\nfor f in sys.argv[1:]: runpy.run_path(f)"]],
};
const ENDINGS: Record<Language, string> = { curl: "sh", javascript: "mjs", python: "py" };

async function run(language: Language, files: string[]): Promise<string> {
  const [program, args] = RUNNERS[language];
  const values = Object.entries(SECRETS).map(([name, value]) => [variableOf(name), value]);
  const child = spawn(program, [...args, ...files], {
    env: { ...process.env, ...Object.fromEntries(values), no_proxy: "*" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  await new Promise((ended) => child.once("close", ended));
  return said;
}

function prepare(workbench: Workbench): string[] {
  for (const [name, value] of Object.entries(SECRETS)) {
    workbench.command(["secret", "set", name], value);
  }
  const document = {
    format: "hookloom.flow/1",
    name: "ways",
    // The answer tells which endpoint took the message.
    endpoints: WAYS.map((auth, at) => ({
      name: `way_${at}`,
      auth,
      response: { status: 201, body: `took ${at}\n` },
    })),
  };
  workbench.command(["flow", "import", workbench.file("ways.json", document), "--publish"]);
  return WAYS.map((_, at) => `${workbench.ready.receiver}/api/webhook/local/ways/way_${at}`);
}

for (const language of LANGUAGES) {
  test(`every snippet in ${language} is let in`, async ({ workbench }) => {
    test.slow();
    const urls = prepare(workbench);
    const files = urls.map((url, at) => {
      const message: Message = {
        url,
        method: "POST",
        headers: [{ name: "Content-Type", value: "application/json" }],
        body: BODY,
        credentials: credentialsOf(WAYS[at]!),
      };
      return workbench.file(`way_${at}.${ENDINGS[language]}`, snippetIn(language, message)!);
    });
    const said = await run(language, files);
    const refused = WAYS.filter((_, at) => !said.includes(`took ${at}\n`));
    expect(refused, said).toEqual([]);
  });
}
