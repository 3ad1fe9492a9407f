/** The journey of a new user: from an empty workspace to a signed delivery, in the browser. */
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, test } from "./support/workbench";

test("a flow is imported, called, and its delivery seen and sent again", async ({
  page,
  workbench,
  destination,
}) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();

  await page.getByRole("button", { name: "Import a flow" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a flow" });
  await dialog
    .getByLabel("Document (JSON)")
    .fill(JSON.stringify(orderIntake(destination.url("")), null, 2));
  await dialog.getByLabel("Publish it at once").check();
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Order intake" })).toBeVisible();

  await page.getByRole("link", { name: /^Secrets/ }).click();
  for (const [name, value] of [
    ["orders_key", KEY],
    ["shop_signing", SIGNING],
  ] as const) {
    await page.getByRole("button", { name: `Set the secret ${name}` }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Value").fill(value);
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
  }

  await page.getByRole("link", { name: /^Jobs/ }).click();
  const sent = await workbench.send("order_intake", KEY, {
    customer: { email: "ada@shop.example" },
    total: 150,
  });
  expect(sent.status).toBe(200);
  expect(sent.answer["workflow_started"]).toBe(true);
  const id = String(sent.answer["job_id"]);

  // The list is live: nobody reloads anything.
  await page
    .getByRole("row")
    .filter({ hasText: "Order intake" })
    .filter({ hasText: "Complete" })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: `Job ${id}` })).toBeVisible();
  await page.getByRole("tab", { name: /^Webhooks/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "Tell the shop" })).toContainText(
    "Delivered",
  );
  await expect(page.getByText("x-webhook-signature").first()).toBeVisible();
  await expect(page.locator("body")).not.toContainText(SIGNING);

  await page.getByRole("button", { name: "Resend" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Tell the shop" })).toHaveCount(2);
  await expect
    .poll(() => destination.received.filter((message) => message.url === "/hooks").length)
    .toBe(2);
  const ids = destination.received
    .filter((m) => m.url === "/hooks")
    .map((m) => m.headers["webhook-id"]);
  expect(new Set(ids).size, "a resend is a new delivery with a new id").toBe(2);
});

test("a request with a wrong key is listed with its reason, and the key is not", async ({
  page,
  workbench,
  destination,
}) => {
  workbench.command(["secret", "set", "orders_key"], KEY);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  await page.goto(workbench.link);
  await page.getByRole("link", { name: /^Requests/ }).click();
  const { status, answer } = await workbench.send("order_intake", "not-the-key-4711", { total: 1 });
  expect(status).toBe(401);
  expect(answer).toEqual({ error: "Invalid shared key" });

  await page.getByRole("row").filter({ hasText: "Rejected" }).click();
  await expect(page.getByText("Authentication")).toBeVisible();
  await expect(page.locator("body")).not.toContainText("not-the-key-4711");
});

test("a broken document is refused with every problem at its place", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await page.getByRole("button", { name: "Import a flow" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a flow" });
  const broken = {
    format: "hookloom.flow/1",
    name: "broken",
    stepz: [],
    steps: [{ name: "a", kind: "http", after: [{ step: "b" }] }],
  };
  await dialog.getByLabel("Document (JSON)").fill(JSON.stringify(broken, null, 2));
  await expect(dialog.getByText(/problems$/).first()).toBeVisible();
  for (const place of ["/stepz", "/steps/0", "/steps/0/after/0/step"]) {
    const row = dialog.getByRole("button").filter({ hasText: new RegExp(`line \\d+ ${place}$`) });
    await expect(row.first(), place).toBeVisible();
  }
  await expect(dialog.getByRole("button", { name: "Import", exact: true })).toBeVisible();
});

test("without the link's code there is a page to sign in", async ({ page, workbench }) => {
  await page.goto(workbench.ready.control);
  await expect(page.getByRole("heading", { name: "Sign in to Hookloom" })).toBeVisible();
  await page.getByLabel("Access token").fill("not a token");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This token is not accepted.", { exact: false })).toBeVisible();
});
