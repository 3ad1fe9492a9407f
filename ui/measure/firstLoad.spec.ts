/** How much a first visit loads. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { found, test } from "./support/test";

const GOAL_KB = 350;

test("first load", () => {
  const script = resolve(import.meta.dirname, "../scripts/first-load-size.mjs");
  const { stdout } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  const kb = Number(/([\d.]+) kB {2}in all/.exec(stdout)?.[1]);
  found({
    what: "first load, compressed",
    engine: "",
    found: `${kb.toFixed(0)} KB`,
    goal: `≤ ${GOAL_KB} KB`,
    isMet: kb <= GOAL_KB,
  });
});
