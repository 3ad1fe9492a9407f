/** axe finds nothing on any screen, empty and filled, in light and dark. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, test } from "./support/workbench";

const ROOMS = [
  "/flows",
  "/requests",
  "/jobs",
  "/deliveries",
  "/secrets",
  "/variables",
  "/settings",
];
const FILLED = [
  ...ROOMS,
  "/flows/order_intake",
  "/jobs/1",
  "/jobs/1?tab=steps",
  "/jobs/1?tab=webhooks",
  "/jobs/1?tab=request",
  "/jobs/1?tab=journal",
];

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${found.help}: ${node.target.join(" ")}`),
  );
}

/** Moves within the app, so that the session stays. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await expect(page.getByRole("main")).toBeVisible();
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("every room of an empty workspace is accessible", async ({ page, workbench }) => {
      await page.goto(workbench.link);
      await expect(page.getByText("No flows yet")).toBeVisible();
      for (const path of ROOMS) {
        await open(page, path);
        expect(await violations(page), path).toEqual([]);
      }
    });

    test("every room of a used workspace is accessible", async ({
      page,
      workbench,
      destination,
    }) => {
      test.slow();
      workbench.command(["secret", "set", "orders_key"], KEY);
      workbench.command(["secret", "set", "shop_signing"], SIGNING);
      const file = workbench.file("flow.json", orderIntake(destination.url("")));
      workbench.command(["flow", "import", file, "--publish"]);
      await workbench.send("order_intake", KEY, {
        customer: { email: "ada@shop.example" },
        total: 150,
      });
      await workbench.send("order_intake", "wrong-key", { total: 1 });
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
      for (const path of FILLED) {
        await open(page, path);
        expect(await violations(page), path).toEqual([]);
      }
    });
  });
}
