/** The workbench fits into 900 by 600: nothing is cut off sideways, and the keyboard alone is enough. */
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, test } from "./support/workbench";

test.use({ viewport: { width: 900, height: 600 } });

test("no page scrolls sideways", async ({ page, workbench, destination }) => {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  workbench.command([
    "flow",
    "import",
    workbench.file("flow.json", orderIntake(destination.url(""))),
    "--publish",
  ]);
  await workbench.send("order_intake", KEY, {
    customer: { email: "ada@shop.example" },
    total: 150,
  });
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
  for (const path of [
    "/flows",
    "/flows/order_intake",
    "/requests",
    "/jobs",
    "/jobs/1?tab=webhooks",
    "/deliveries",
    "/secrets",
    "/settings",
  ]) {
    await page.goto(new URL(path, page.url()).href);
    await expect(page.getByRole("main")).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overflow, `${path} is wider than the window`).toBeLessThanOrEqual(0);
  }
});

test("a job is found and opened with keys alone", async ({ page, workbench, destination }) => {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  workbench.command([
    "flow",
    "import",
    workbench.file("flow.json", orderIntake(destination.url(""))),
    "--publish",
  ]);
  await workbench.send("order_intake", KEY, {
    customer: { email: "ada@shop.example" },
    total: 150,
  });
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Go to Jobs");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Jobs" })).toBeVisible();
  await page.getByRole("grid").or(page.getByRole("table")).first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Job 1" })).toBeVisible();
});
