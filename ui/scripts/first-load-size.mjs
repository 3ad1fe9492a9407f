// Adds up what a first visit to the workbench loads, compressed, and fails over the bound.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_MAX_KB = 350;
const dist = new URL("../dist/", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const named = [...html.matchAll(/(?:src|href)="\.?\/(assets\/[^"]+)"/g)].map((match) => match[1]);
// The first page with what it imports, and the fonts of Latin text, come in addition.
const assets = readdirSync(join(dist, "assets"));
const page = assets.filter((name) => /^HomePage-.*\.(js|css)$/.test(name));
const imported = page.filter((name) => name.endsWith(".js")).flatMap((name) => importsOf(name));
const styles = assets.filter((name) =>
  imported.some((file) => name.endsWith(".css") && stem(name) === stem(file)),
);
const fonts = assets.filter((name) =>
  /^(inter-latin-wght|jetbrains-mono-latin-400).*\.woff2$/.test(name),
);
const more = [...page, ...imported, ...styles, ...fonts].map((name) => `assets/${name}`);
const files = [...new Set([...named, ...more])];
let bytes = 0;
for (const file of files) {
  const path = join(dist, file);
  const size = file.endsWith(".woff2")
    ? statSync(path).size
    : gzipSync(readFileSync(path), { level: 9 }).length;
  bytes += size;
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`);
}
const total = bytes / 1000;
console.log(`${total.toFixed(1).padStart(7)} kB  in all, bound ${FIRST_LOAD_MAX_KB} kB`);
if (total > FIRST_LOAD_MAX_KB) process.exit(1);

/** The files that a file needs before it runs, and theirs. */
function importsOf(name, seen = new Set()) {
  const code = readFileSync(join(dist, "assets", name), "utf8");
  for (const [, file] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    if (seen.has(file)) continue;
    seen.add(file);
    importsOf(file, seen);
  }
  return [...seen];
}

function stem(name) {
  return name.replace(/-[^-]+$/, "");
}
