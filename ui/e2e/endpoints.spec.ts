/** Ways in and ways out, made by hand: an endpoint by the wizard, tried; a webhook task by its form, looked at and tried. */
import { SIGNING } from "./support/flows";
import { expect, open, test } from "./support/workbench";
import { workshop } from "./support/workshop";

test.beforeEach(async ({ page, workbench, destination }) => {
  workbench.command(["secret", "set", "tickets_key"], "e2e-tickets-key");
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("workshop.json", workshop(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  await page.goto(workbench.link);
  await expect(page.getByRole("navigation", { name: "Rooms" })).toBeVisible();
});

test("an endpoint for GitHub is made by the wizard, tried, and its request is shown as accepted", async ({
  page,
  workbench,
}) => {
  await open(page, "/endpoints");
  await expect(page.getByRole("row").filter({ hasText: "tickets" })).toContainText("shared key");
  await page.getByRole("button", { name: "New endpoint" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.getByRole("button", { name: "GitHub" }).click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("github");
  await dialog.getByRole("button", { name: "Add the endpoint" }).click();
  const url = `${workbench.ready.receiver}/api/webhook/local/workshop/github`;
  await expect(dialog.getByText(url)).toBeVisible();
  const secret = await dialog.getByText(/^[0-9a-f]{48}$/).textContent();
  await dialog.getByRole("button", { name: "Publish the flow" }).click();
  await dialog.getByRole("button", { name: "Send test…" }).click();
  await dialog.getByRole("button", { name: "Send test" }).click();
  const result = dialog.getByRole("region", { name: "Result of the test" });
  await expect(result.getByText("The endpoint took it")).toBeVisible();
  await expect(result.getByRole("region", { name: "Request" })).toContainText("X-GitHub-Event");
  await expect(result).not.toContainText(secret ?? "");

  await dialog.getByRole("checkbox", { name: "Sign it as the sender would" }).press(" ");
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(result.getByText("The endpoint refused it")).toBeVisible();
  await expect(result.getByText("401 Unauthorized")).toBeVisible();
  await dialog.getByRole("checkbox", { name: "Sign it as the sender would" }).press(" ");
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(result.getByText("The endpoint took it")).toBeVisible();
  await result.getByRole("link", { name: "Open the request" }).click();
  const details = page.getByRole("article");
  await expect(details).toContainText("/api/webhook/local/workshop/github");
  await expect(details.getByText("Accepted")).toBeVisible();
});

test("a webhook task's form shows the message as it is written, and a test says what went wrong", async ({
  page,
  destination,
}) => {
  await open(page, "/flows/workshop?node=task%3ATell%20the%20shop");
  const aside = page.getByRole("complementary", { name: "Tell the shop" });
  const preview = aside.getByRole("region", { name: "Preview", exact: true });
  const message = preview.getByRole("region", { name: "The message that would be sent" });
  await expect(message).toContainText(`POST ${destination.url("/hooks")}`);
  await expect(message).toContainText(/X-Webhook-Signature: t=\d{13},sha256=[0-9a-f]{64}/i);
  await aside.getByRole("combobox", { name: "Scheme" }).click();
  await page.getByRole("option", { name: "Stripe" }).click();
  await expect(message).toContainText(/Stripe-Signature: t=\d{10},v1=/i);
  const code = aside.getByRole("region", { name: "Code for the receiver" });
  await code.getByText("Python").click();
  await expect(code.getByRole("region", { name: "Receiver in Python" })).toContainText(
    "Stripe-Signature",
  );
  await expect(page.locator("body")).not.toContainText(SIGNING);

  destination.status = 401;
  await aside.getByRole("button", { name: "Send test…" }).click();
  const dialog = page.getByRole("dialog", { name: "Test Tell the shop" });
  await dialog.getByRole("button", { name: "Send test" }).click();
  const why = dialog.getByRole("region", { name: "What went wrong" });
  await expect(why).toContainText("another secret, another scheme");
  expect(destination.received.at(-1)?.headers["stripe-signature"]).toMatch(/^t=\d{10},v1=/);
});

test("an endpoint, a schedule and a webhook task are renamed where their other fields are", async ({
  page,
}) => {
  for (const [node, name] of [
    ["endpoint%3Atickets", "tickets"],
    ["schedule%3Anightly", "nightly"],
    ["task%3ATell%20the%20shop", "Tell the shop"],
  ] as const) {
    await open(page, `/flows/workshop?node=${node}`);
    const field = page
      .getByRole("complementary", { name })
      .getByRole("textbox", { name: "Name", exact: true });
    await expect(field).toHaveValue(name);
    await field.fill(`${name}_2`);
    await field.press("Enter");
    const outline = page.getByRole("navigation", { name: "Outline" });
    await expect(outline.getByRole("button", { name: `${name}_2` })).toBeVisible();
  }
});
