/**
 * The contrast of what axe measured in one look, in the others. A look is two attributes of the page's root and changes
 * colours alone, so the words and what lies behind them stay the same elements. Where the background that is found here
 * is not the one that axe found, axe itself looks again.
 */
import type { Page } from "@playwright/test";
import type AxeBuilder from "@axe-core/playwright";

export type AxeResults = Awaited<ReturnType<AxeBuilder["analyze"]>>;

/** Beside light, which axe looks at as a whole. */
const FURTHER_LOOKS = [
  { scheme: "dark", contrast: "normal" },
  { scheme: "light", contrast: "high" },
  { scheme: "dark", contrast: "high" },
] as const;

interface Measured {
  target: string;
  fg: string;
  bg: string;
  least: number;
}

/** What axe leaves in the page. */
interface Axe {
  run(
    context: { include: string[][] },
    options: { runOnly: string[]; resultTypes: string[] },
  ): Promise<{ violations: { nodes: { target: unknown }[] }[] }>;
}

/** Every text that axe found readable in light. */
function measuredIn({ passes }: AxeResults): Measured[] {
  const found = passes.find(({ id }) => id === "color-contrast")?.nodes ?? [];
  return found.flatMap(({ target, any }) => {
    const data = any[0]?.data as Record<string, string> | null | undefined;
    if (!data?.fgColor || !data.bgColor) return [];
    const least = Number.parseFloat(data.expectedContrastRatio ?? "4.5");
    return [{ target: String(target[0]), fg: data.fgColor, bg: data.bgColor, least }];
  });
}

/** What cannot be read in one of the further looks, by its look and its place. */
export function tooFaint(page: Page, results: AxeResults): Promise<string[]> {
  return page.evaluate(
    async ({ looks, measured }) => {
      const { axe } = window as unknown as { axe: Axe };
      const root = document.documentElement;
      const canvas = document.createElement("canvas").getContext("2d", {
        willReadFrequently: true,
      })!;
      const known = new Map<string, number[]>();
      const rgba = (color: string): number[] => {
        const before = known.get(color);
        if (before) return before;
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
        known.set(color, [r, g, b, a / 255]);
        return [r, g, b, a / 255];
      };
      const over = ([r = 0, g = 0, b = 0, a = 1]: number[], below: number[]) =>
        [r, g, b].map((each, at) => each * a + (below[at] ?? 0) * (1 - a));
      const behind = (element: Element | null): number[] => {
        if (!element) return [255, 255, 255];
        const own = rgba(getComputedStyle(element).backgroundColor);
        return own[3] === 1 ? own.slice(0, 3) : over(own, behind(element.parentElement));
      };
      const colours = (element: Element) => {
        const bg = behind(element);
        return { bg, fg: over(rgba(getComputedStyle(element).color), bg) };
      };
      const hex = (color: number[]) =>
        `#${color.map((each) => Math.round(each).toString(16).padStart(2, "0")).join("")}`;
      const light = (color: number[]) => {
        const [r = 0, g = 0, b = 0] = color.map((each) => {
          const share = each / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (one: number[], other: number[]) => {
        const [less = 0, more = 0] = [light(one), light(other)].sort((a, b) => a - b);
        return (more + 0.05) / (less + 0.05);
      };
      const items = measured.flatMap(({ target, ...rest }) => {
        const element = document.querySelector(target);
        return element ? [{ target, element, ...rest }] : [];
      });
      const isAlike = ({ element, fg, bg }: (typeof items)[number]) => {
        const now = colours(element);
        return hex(now.fg) === fg && hex(now.bg) === bg;
      };
      const alike = items.filter(isAlike);
      const others = items.filter((item) => !alike.includes(item)).map(({ target }) => [target]);
      const found: string[] = [];
      for (const { scheme, contrast } of looks) {
        root.dataset.mantineColorScheme = scheme;
        root.dataset.contrast = contrast;
        for (const { target, element, least } of alike) {
          const { fg, bg } = colours(element);
          if (ratio(fg, bg) < least) {
            found.push(`${scheme} ${contrast}: ${target}: ${hex(fg)} on ${hex(bg)}`);
          }
        }
        if (others.length === 0) continue;
        const { violations } = await axe.run(
          { include: others },
          { runOnly: ["color-contrast"], resultTypes: ["violations"] },
        );
        for (const { nodes } of violations) {
          found.push(...nodes.map((node) => `${scheme} ${contrast}: ${String(node.target)}`));
        }
      }
      root.dataset.mantineColorScheme = "light";
      delete root.dataset.contrast;
      return found;
    },
    { looks: FURTHER_LOOKS, measured: measuredIn(results) },
  );
}
