// Adds up what a first visit to the workbench loads, compressed, and fails over the bound.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_MAX_KB = 350;
const dist = new URL("../dist/", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const named = [...html.matchAll(/(?:src|href)="\.?\/(assets\/[^"]+)"/g)].map((match) => match[1]);
// The first page and the fonts of Latin text come in addition to what index.html names.
const first = readdirSync(join(dist, "assets")).filter((name) =>
  /^(FlowsPage-.*\.(js|css)|(inter-latin-wght|jetbrains-mono-latin-400).*\.woff2)$/.test(name),
);
const files = [...new Set([...named, ...first.map((name) => `assets/${name}`)])];
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
