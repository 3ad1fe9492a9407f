/** What comes late moves no button: whoever aims at one meets it, however slow the answers are. */
import type { Locator, Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test } from "./support/workbench";

/** Holds back the answers to these requests until they are let go. */
async function hold(page: Page, path: RegExp): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((done) => (letGo = done));
  await page.route(
    ({ pathname }) => path.test(pathname),
    async (route) => {
      await gate;
      await route.continue();
    },
  );
  return letGo;
}

async function placeOf(button: Locator) {
  await expect(button).toBeVisible();
  const box = await button.boundingBox();
  if (!box) throw new Error("it is not drawn");
  return { x: Math.round(box.x), y: Math.round(box.y) };
}

const button = (within: Page | Locator, name: string) =>
  within.getByRole("button", { name, exact: true });

test.beforeEach(async ({ page, workbench, destination }) => {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  for (const total of [150, 2, 7]) {
    await workbench.send("order_intake", KEY, { customer: { email: "ada@shop.example" }, total });
  }
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
});

test("publishing, while the version to compare with is still on its way", async ({ page }) => {
  const letGo = await hold(page, /\/flows\/order_intake\/versions\//);
  await open(page, "/flows/order_intake");
  await page
    .getByRole("navigation", { name: "Outline" })
    .getByRole("button", { name: /^ship/ })
    .click();
  await page.keyboard.press("Delete");
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
  await button(page, "Publish").click();
  const dialog = page.getByRole("dialog");
  const publish = button(dialog, "Publish");
  const before = await placeOf(publish);
  letGo();
  await expect(dialog.getByRole("listitem").filter({ hasText: "ship" }).first()).toBeVisible();
  expect(await placeOf(publish)).toEqual(before);
});

test("comparing a job, while the others are still on their way", async ({ page }) => {
  await open(page, "/jobs/2");
  const letGo = await hold(page, /\/api\/v1\/jobs$/);
  await button(page, "Compare…").click();
  const dialog = page.getByRole("dialog");
  const before = await placeOf(button(dialog, "Cancel"));
  letGo();
  await expect(dialog.getByRole("button", { name: /^Job 3/ })).toBeVisible();
  expect(await placeOf(button(dialog, "Cancel"))).toEqual(before);
});

test("a test message, its result, and the preview of an import", async ({ page }) => {
  await open(page, "/flows/order_intake?node=endpoint%3Aorders");
  await button(page, "Send test…").click();
  const dialog = page.getByRole("dialog");
  const send = dialog.locator("button[type=submit]");
  const before = await placeOf(send);
  await send.click();
  await expect(dialog.getByRole("region", { name: "Result of the test" })).toBeInViewport();
  expect((await placeOf(send)).y).toBe(before.y);

  await open(page, "/settings");
  await button(page, "Import…").click();
  const importing = page.getByRole("dialog", { name: "Import" });
  const cancel = await placeOf(button(importing, "Cancel"));
  await importing
    .getByLabel("Or paste it here")
    .fill("curl -X POST https://shop.example/orders -d '{\"total\": 3}'");
  await expect(importing.getByText("cURL commands").last()).toBeVisible();
  await expect(button(importing, "Import")).toBeEnabled();
  expect(await placeOf(button(importing, "Cancel"))).toEqual(cancel);
});

test("a job that ends leaves the button that would have canceled it in its place", async ({
  page,
  workbench,
}) => {
  const slow = {
    format: "hookloom.flow/1",
    name: "slow",
    endpoints: [{ name: "begin", auth: { kind: "none" } }],
    steps: [{ name: "rest", kind: "delay", for_ms: 3_600_000 }],
  };
  workbench.command(["flow", "import", workbench.file("slow.json", slow), "--publish"]);
  await workbench.send("slow", KEY, {});
  await open(page, "/jobs/4");
  const cancel = button(page, "Cancel");
  const before = await placeOf(cancel);
  workbench.command(["job", "cancel", "4"]);
  await expect(page.getByText("Canceled", { exact: true }).first()).toBeVisible();
  await expect(cancel).toBeDisabled();
  expect(await placeOf(cancel)).toEqual(before);
});

test("what a template gives, while it is still on its way", async ({ page }) => {
  await open(page, "/flows/order_intake?node=step%3Aship");
  const url = page.getByRole("textbox", { name: "URL", exact: true });
  await url.click();
  await page.keyboard.press("End");
  const letGo = await hold(page, /\/templates\/preview$/);
  await page.keyboard.type("?total={{requestBody.total}}");
  await page.keyboard.press("Escape");
  const add = page.getByRole("group", { name: "Headers" }).getByRole("button").last();
  const before = await placeOf(add);
  letGo();
  await expect(page.getByText("/api/ship?total=7").first()).toBeVisible();
  expect(await placeOf(add)).toEqual(before);
});
