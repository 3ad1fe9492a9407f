/** Pictures of the real program for the documentation: `npm run shots` writes them to docs/screenshots. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "../e2e/support/flows";
import { expect, test, type Destination, type Workbench } from "../e2e/support/workbench";

const FOLDER = resolve(import.meta.dirname, "../../docs/screenshots");
const PAGES: [string, string][] = [
  ["flow", "/flows/order_intake"],
  ["requests", "/requests"],
  ["jobs", "/jobs"],
  ["job-steps", "/jobs/3?tab=steps"],
  ["job-webhooks", "/jobs/3?tab=webhooks"],
  ["deliveries", "/deliveries"],
  ["secrets", "/secrets"],
  ["settings", "/settings"],
];

async function fill(workbench: Workbench, destination: Destination): Promise<void> {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  await workbench.send("order_intake", "an-old-key-123", { total: 99 });
  for (const total of [120, 40.5, 150]) {
    await workbench.send("order_intake", KEY, { customer: { email: "ada@shop.example" }, total });
  }
}

async function picture(page: Page, name: string, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await expect(page.getByRole("main")).toBeVisible();
  if (path === "/requests") await page.getByRole("row").filter({ hasText: "Rejected" }).click();
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: resolve(FOLDER, `${name}.png`) });
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`pictures in ${colorScheme}`, async ({ page, workbench, destination }) => {
      test.slow();
      await fill(workbench, destination);
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
      for (const [name, path] of PAGES) {
        await picture(page, colorScheme === "dark" ? `${name}-dark` : name, path);
      }
    });
  });
}
