/** Settings of the workspace, and the values of variables by environment. */
import { expect, open, test } from "./support/workbench";

test("the public URL, the retention, an address for the next start and values of an environment are kept", async ({
  page,
  workbench,
}) => {
  workbench.command(["variable", "set", "shop_url", "https://shop.example"]);
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  await page.getByRole("button", { name: "Look for what is wrong", exact: true }).click();
  await expect(page.getByText("Nothing is wrong.")).toBeVisible();
  const findings = page.getByRole("list", { name: "What was found" });
  for (const area of ["Secret store", "Ports", "Disk", "Clock", "Database", "Scripts"]) {
    await expect(findings.getByText(area, { exact: true }).first()).toBeVisible();
  }
  await page.getByLabel("URLs begin with").fill("https://hooks.shop.example/");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByLabel("URLs begin with")).toHaveValue("https://hooks.shop.example");

  await page.getByLabel("Keep for days").fill("7");
  await page.getByRole("button", { name: "Save" }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete what is beyond" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByLabel("Keep for days").fill("0");
  await expect(page.getByText("From 1 to 3650, or empty.")).toBeVisible();

  await page.getByRole("button", { name: "Change the receiver's address" }).click();
  const dialog = page.getByRole("dialog", { name: "Address of the receiver" });
  await dialog.getByLabel("Address").fill("nowhere");
  await dialog.getByRole("button", { name: "Keep for the next start" }).click();
  await expect(dialog.getByRole("alert")).toContainText("nowhere");
  await dialog.getByLabel("Address").fill("127.0.0.1:4799");
  await dialog.getByRole("button", { name: "Keep for the next start" }).click();
  await expect(page.getByText("It will be on 127.0.0.1:4799 after the next start.")).toBeVisible();
  const kept = JSON.parse(workbench.command(["storage", "show", "--json"])) as {
    retention: { days: number };
  };
  expect(kept.retention.days).toBe(7);

  await page.getByRole("link", { name: /^Variables/ }).click();
  await page.getByRole("button", { name: "Add a variable" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("shop_url");
  await form.getByLabel("Set", { exact: true }).selectOption({ label: "a new set…" });
  await form.getByLabel("Name of the set").fill("staging");
  await form.getByLabel("Value").fill("https://staging.shop.example");
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "https://staging.shop.example" });
  await expect(row).toContainText("staging");
  await page.getByLabel("Environment").selectOption("staging");
  await expect(page.getByText("The values of staging win now.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Environment")).toHaveValue("staging");
});

test("the list of parts leads to each of them, and an address to one", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  const parts = page.getByRole("navigation", { name: "Parts of the settings" });
  const part = (name: string) => parts.getByRole("link", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 2, name, exact: true });
  await expect(part("Look")).toHaveAttribute("aria-current", "location");
  // By keys, and on from there.
  await part("Backup").focus();
  await page.keyboard.press("Enter");
  await expect(heading("Backup")).toBeInViewport();
  await expect(heading("Backup")).toBeFocused();
  await expect(part("Backup")).toHaveAttribute("aria-current", "location");
  await expect(part("Look")).not.toHaveAttribute("aria-current");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Back up now", exact: true })).toBeFocused();
  await expect(page).toHaveURL(/#backup$/);
  await page.reload();
  await expect(heading("Backup")).toBeInViewport();
  // Only the page is scrolled, not the frame around it.
  const frameTop = () =>
    page.getByRole("banner").evaluate((bar) => bar.getBoundingClientRect().top);
  expect(await frameTop()).toBe(0);
  // The last part never comes to the top, and is marked all the same.
  await part("This browser").click();
  await expect(heading("This browser")).toBeInViewport();
  await expect(part("This browser")).toHaveAttribute("aria-current", "location");
  expect(await frameTop()).toBe(0);
});

test("a document with a repeated key is refused at its place", async ({ page, workbench }) => {
  await page.goto(workbench.link);
  await page.getByRole("button", { name: "Import a flow" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a flow" });
  await dialog
    .getByLabel("Document (JSON)")
    .fill(
      '{\n  "format": "hookloom.flow/1",\n  "name": "twice",\n  "steps": [],\n  "name": "again"\n}',
    );
  await expect(dialog.getByRole("button").filter({ hasText: /line \d+ \/name/ })).toBeVisible();
});

test("an access token is made with its scope, shown once, and revoked", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  await page.getByRole("button", { name: "Make a token", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Make a token" });
  await dialog.getByLabel("Name").fill("nightly script");
  await dialog.getByRole("radio", { name: "read and run" }).check();
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(dialog.getByText("Copy it now: it is not shown again.")).toBeVisible();
  const token = await dialog.getByText(/^hk/).textContent();
  await dialog.getByRole("button", { name: "I have it" }).click();

  const row = page.getByRole("row", { name: /nightly script/ });
  await expect(row).toContainText("read and run");
  await expect(page.getByText(token ?? "")).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke the token nightly script" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke the token" }).click();
  await expect(row).toHaveCount(0);
});

test("what is wrong stands first, with why and what to do, and is gone once it is mended", async ({
  page,
  workbench,
}) => {
  const flow = {
    format: "hookloom.flow/1",
    name: "orders",
    endpoints: [{ name: "orders", auth: { kind: "shared_key", secret: "orders_key" } }],
    steps: [{ name: "note", kind: "set", values: { a: "1" } }],
  };
  workbench.command(["flow", "import", workbench.file("orders.json", flow), "--publish"]);
  await page.goto(workbench.link);
  await open(page, "/settings");
  await page.getByRole("button", { name: "Look for what is wrong", exact: true }).click();
  await expect(page.getByText("1 thing is wrong.")).toBeVisible();
  const first = page.getByRole("list", { name: "What was found" }).getByRole("listitem").first();
  await expect(first).toContainText("Secret store");
  await expect(first).toContainText("orders_key");
  await expect(first).toContainText("hookloom secret set");
  workbench.command(["secret", "set", "orders_key"], "hunter2hunter2");
  await page.getByRole("button", { name: "Look again", exact: true }).click();
  await expect(page.getByText("Nothing is wrong.")).toBeVisible();
});
