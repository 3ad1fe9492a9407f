import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function tokensOf(scheme: "light" | "dark"): Record<string, string> {
  const block = css.split(`:root[data-mantine-color-scheme="${scheme}"] {`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]),
  );
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const texts = ["text", "muted", "faint", "accent-text", "ok", "run", "wait", "bad"];
const grounds = ["bg", "surface", "raised", "sunken", "accent-soft"];
const states = ["ok", "run", "wait", "bad", "idle"];

describe.each(["light", "dark"] as const)("the %s theme", (scheme) => {
  const tokens = tokensOf(scheme);
  const of = (name: string) => tokens[name] ?? `missing token ${name}`;

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground])))(
    "shows %s readably on %s",
    (text, ground) => {
      expect(contrast(of(text ?? ""), of(ground ?? ""))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(states)("shows the state %s readably on its own ground", (state) => {
    expect(contrast(of(state), of(`${state}-soft`))).toBeGreaterThanOrEqual(4.5);
  });

  it("shows button words readably on the accent, also under the pointer", () => {
    expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("on-accent"), of("accent-hover"))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["bg", "surface", "raised"])("keeps edges visible on %s", (ground) => {
    expect(contrast(of("edge"), of(ground))).toBeGreaterThanOrEqual(3);
  });
});
