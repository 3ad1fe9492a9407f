/** Looking at a workspace: beginning with a template, sending again, comparing, taking back, keys of one's own. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test, type Destination, type Workbench } from "./support/workbench";

const CLICKS_MAX = 4;
const FIRST_WEBHOOK_MAX_MS = 60_000;
const TEMPLATES = resolve(import.meta.dirname, "../src/features/home/templates");

async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counted = window as unknown as { clicks: number };
    counted.clicks = 0;
    addEventListener("click", (event) => event.isTrusted && counted.clicks++, { capture: true });
  });
  return () => page.evaluate(() => (window as unknown as { clicks: number }).clicks);
}

function startOrders(workbench: Workbench, destination: Destination): void {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
}

test("from an empty workspace to a received, visible test webhook in four clicks", async ({
  page,
  workbench,
}) => {
  const clicks = await countClicks(page);
  // Nothing but this computer can be reached, by the page or by anything that it loads.
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1" && hostname !== "") elsewhere.push(request.url());
  });
  const begun = Date.now();
  await page.goto(workbench.link);
  await page.getByRole("button", { name: /^GitHub to Slack/ }).click();
  await page.getByRole("button", { name: "Send test", exact: true }).click();
  const card = page.getByRole("region", { name: "GitHub to Slack is ready" });
  await expect(card.getByRole("link", { name: /^Job \d+/ })).toBeVisible();
  await expect(card.getByText("Complete").first()).toBeVisible();
  await card.getByRole("link", { name: "Open the request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Requests" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "github_push" })).toContainText("Accepted");
  const tookMs = Date.now() - begun;
  test.info().annotations.push({ type: "first webhook", description: `${tookMs} ms` });
  expect(tookMs).toBeLessThan(FIRST_WEBHOOK_MAX_MS);
  expect(elsewhere).toEqual([]);
  expect(await clicks()).toBeLessThanOrEqual(CLICKS_MAX);
  // The message that would go to Slack came to the stand-in: the whole flow ran offline.
  await expect(page.getByRole("row").filter({ hasText: "stand_in" }).first()).toContainText(
    "Accepted",
  );
});

test("every template is a flow that the program takes", ({ workbench }) => {
  const names = readdirSync(TEMPLATES);
  expect(names.length).toBeGreaterThanOrEqual(5);
  for (const name of names) {
    const file = workbench.file(name, readFileSync(join(TEMPLATES, name), "utf8"));
    workbench.command(["flow", "import", file, "--publish"]);
  }
});

test("a signed request is edited, sent again and accepted; two jobs are compared", async ({
  page,
  workbench,
  destination,
}) => {
  startOrders(workbench, destination);
  await workbench.send("order_intake", KEY, {
    customer: { email: "ada@shop.example" },
    total: 150,
  });
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await open(page, "/requests");
  await page.getByRole("button", { name: "Edit and resend…" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit and resend" });
  const body = dialog.getByLabel("Body");
  await expect(body).toHaveValue(/150/);
  await body.fill('{"customer": {"email": "ada@shop.example"}, "total": 275}');
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(dialog.getByText("200 OK")).toBeVisible();
  await expect(dialog).not.toContainText(KEY);
  await dialog.getByRole("link", { name: "Open job 2" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Job 2" })).toBeVisible();
  await expect(page.getByText("Complete").first()).toBeVisible();

  await page.getByRole("button", { name: "Compare…" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Job 1/ })
    .click();
  const row = page.getByRole("row").filter({ hasText: "steps.enrich.data.total" });
  await expect(row).toContainText("Changed");
  await expect(row).toContainText("150");
  await expect(row).toContainText("275");
  await page.getByText("Side by side").click();
  await expect(page.getByText('"total": 275').first()).toBeVisible();
});

test("a deletion is taken back before anything was sent, and done when it is not", async ({
  page,
  workbench,
}) => {
  workbench.command(["variable", "set", "shop_url", "https://s.example"]);
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await open(page, "/variables");
  const row = page.getByRole("row").filter({ hasText: "shop_url" });
  await page.getByRole("button", { name: "Delete the variable shop_url" }).click();
  await expect(row).toHaveCount(0);
  expect(workbench.command(["variable", "list"])).toContain("shop_url");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();

  await page.getByRole("button", { name: "Delete the variable shop_url" }).click();
  await expect(row).toHaveCount(0);
  // Leaving the page sends what waits.
  await page.goto("about:blank");
  await expect.poll(() => workbench.command(["variable", "list"])).not.toContain("shop_url");
});

test("a command gets a key of one's own, and a row has a menu", async ({
  page,
  workbench,
  destination,
}) => {
  startOrders(workbench, destination);
  await workbench.send("order_intake", KEY, { customer: { email: "ada@shop.example" }, total: 1 });
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await open(page, "/settings");
  await page.getByRole("button", { name: "Change the key of: Go to Jobs" }).click();
  const dialog = page.getByRole("dialog", { name: "Key for: Go to Jobs" });
  await page.keyboard.press("Alt+1");
  await expect(dialog.getByText("Also the key of: Go to Home.")).toBeVisible();
  await page.keyboard.press("Control+j");
  await dialog.getByRole("button", { name: "Use this key" }).click();
  await page.keyboard.press("Control+j");
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();

  await page.getByRole("row").nth(1).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Open its request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Requests" })).toBeVisible();
  await page.getByRole("tab", { name: "Body" }).click();
  await page.getByRole("treeitem", { name: /^email/ }).click();
  await expect(page.getByText("customer.email")).toBeVisible();
});
