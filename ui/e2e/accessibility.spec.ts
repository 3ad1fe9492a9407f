/** axe finds nothing on any screen, empty and filled, in light and dark. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test } from "./support/workbench";

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
/** What is opened by a command: its page, its button, and the words that show that it is there. */
const DIALOGS = [
  ["/flows", "Import", "Document (JSON)"],
  ["/flows/order_intake", "Run", "Starts a job"],
  ["/secrets", "Set a secret", "Several lines"],
  ["/variables", "Add a variable", "Letters, digits"],
  ["/settings", "Make a token", "It may"],
  ["/jobs", "Search or run a command", "Go to Jobs"],
] as const;

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${found.help}: ${node.target.join(" ")}`),
  );
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
      for (const [path, button, words] of DIALOGS) {
        await open(page, path);
        await page
          .getByRole("button", { name: button, exact: path !== "/jobs" })
          .first()
          .click();
        const dialog = page.getByRole("dialog");
        await expect(dialog.getByText(words).first()).toBeVisible();
        expect(await violations(page), `${button} on ${path}`).toEqual([]);
      }
    });
  });
}

test("high contrast is accessible, and is kept", async ({ page, workbench }) => {
  await page.goto(workbench.link);
  await expect(page.getByText("No flows yet")).toBeVisible();
  await open(page, "/settings");
  await page.getByText("High", { exact: true }).click();
  for (const path of ["/settings", "/requests"]) {
    await open(page, path);
    await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
    expect(await violations(page), path).toEqual([]);
  }
});
