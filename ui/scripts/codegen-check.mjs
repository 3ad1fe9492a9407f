// Fails if the committed client is not what the API's description gives today.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ui = fileURLToPath(new URL("..", import.meta.url));
const committed = join(ui, "src/api/generated");
// Beside the committed one, so that prettier formats both by the same settings.
const fresh = mkdtempSync(join(ui, "src/api/generated-"));

try {
  const env = { ...process.env, HOOKLOOM_CLIENT_OUT: fresh };
  execFileSync("npx", ["--no-install", "openapi-ts"], { cwd: ui, env, stdio: "pipe" });
  execFileSync("npx", ["--no-install", "prettier", "--log-level", "warn", "--write", fresh], {
    cwd: ui,
    stdio: "inherit",
  });
  const differing = [...new Set([...filesIn(fresh), ...filesIn(committed)])].filter(
    (file) => read(join(fresh, file)) !== read(join(committed, file)),
  );
  if (differing.length > 0) {
    console.error("The API client in ui/src/api/generated is not up to date. These files differ:");
    for (const file of differing) console.error(`  ${file}`);
    console.error("Run `npm run codegen` in ui and commit the result.");
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path));
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
