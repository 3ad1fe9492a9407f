/** Prints what was measured, with the goals, when all is done. */
import { availableParallelism } from "node:os";
import type { Reporter, TestCase } from "@playwright/test/reporter";
import { FIGURE, type Figure } from "./figures";

export default class Table implements Reporter {
  private readonly tests = new Set<TestCase>();

  onTestEnd(test: TestCase): void {
    this.tests.add(test);
  }

  onEnd(): void {
    const figures = [...this.tests].flatMap(({ results }) =>
      (results.at(-1)?.annotations ?? [])
        .filter(({ type }) => type === FIGURE)
        .map(({ description }) => JSON.parse(description ?? "{}") as Figure),
    );
    const rows = figures.map(({ what, engine, found, goal, isMet, load }) => [
      what,
      engine,
      found,
      goal,
      isMet === null ? "" : isMet ? "met" : "missed",
      load.toFixed(1),
    ]);
    const head = ["what", "engine", "found", "goal", "", "load"];
    const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
    const rule = line(head.map(() => "---"));
    console.log(`\n${availableParallelism()} processors\n`);
    console.log([line(head), rule, ...rows.map(line)].join("\n"));
  }
}
