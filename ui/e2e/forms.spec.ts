/** Steps are built by forms, with names and previews from a real job, and tried before anything is published. */
import type { Page } from "@playwright/test";
import { KEY } from "./support/flows";
import { expect, open, test, type Destination, type Workbench } from "./support/workbench";

function order(shop: string): object {
  return {
    format: "hookloom.flow/1",
    name: "order_intake",
    title: "Order intake",
    endpoints: [
      {
        name: "orders",
        auth: { kind: "shared_key", secret: "orders_key" },
        body_memory: "requestBody",
      },
    ],
    steps: [
      {
        name: "enrich",
        kind: "set",
        values: { email: "{{requestBody.customer.email}}", total: "{{requestBody.total}}" },
      },
      {
        name: "check",
        kind: "script",
        after: [{ step: "enrich" }],
        code: "return {};",
      },
      {
        name: "ship",
        kind: "http",
        after: [{ step: "enrich" }],
        url: `${shop}/api`,
      },
    ],
  };
}

/** A flow that has run once, in its editor. */
async function openOrder(page: Page, workbench: Workbench, destination: Destination) {
  workbench.command(["secret", "set", "orders_key"], KEY);
  const file = workbench.file("order.json", order(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  await workbench.send("order_intake", KEY, {
    customer: { email: "ada@shop.example" },
    total: 150,
  });
  await expect.poll(() => destination.received.length).toBe(1);
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
  await open(page, "/flows/order_intake");
}

const choose = (page: Page, part: string) =>
  page.getByRole("navigation", { name: "Outline" }).getByRole("button", { name: part }).click();

const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

test("an http step is built by form with names of the last job, previewed, tried and answered", async ({
  page,
  workbench,
  destination,
}) => {
  // The whole way in one go: longer than others on a machine with much else to do.
  test.slow();
  await openOrder(page, workbench, destination);
  await choose(page, "ship");
  const form = page.getByRole("complementary", { name: "ship" });

  await form.getByLabel("Method").selectOption("POST");
  await field(page, "URL").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("/{{tot");
  await expect(page.getByRole("listbox")).toContainText("steps.enrich.data.total");
  await expect(page.getByRole("listbox")).toContainText("150");
  await page.keyboard.press("Enter");
  // Once to read aloud, and once to see, where the middle of it may be left out.
  await expect(form.getByText(destination.url("/api/150")).last()).toBeVisible();

  await form.getByRole("button", { name: "Paste lines into Headers" }).click();
  await form.getByLabel("Lines for Headers").fill("X-Shop: one\nX-Total: {{requestBody.total}}");
  await form.getByRole("button", { name: "Fill in 2 rows" }).click();
  await form.getByLabel("Body is").selectOption({ label: "JSON" });
  await expect(form.getByLabel("Name 3 of Headers")).toHaveValue("Content-Type");

  await field(page, "Body").fill('{"email": {{steps.enrich.data.emial}}}');
  await form.getByRole("button", { name: "Use email" }).click();
  await expect(form.getByRole("region", { name: "Preview" })).toContainText('"ada@shop.example"');

  await page.getByRole("button", { name: "Run this step" }).click();
  const panel = page.getByRole("region", { name: "Try it" });
  await panel.getByRole("button", { name: "Try step" }).click();
  const result = panel.getByRole("region", { name: "Result of the try" });
  await expect(result.getByText("Complete")).toBeVisible();
  await expect(result.getByRole("region", { name: "Answer" })).toContainText('"ok": true');
  expect(destination.received.at(-1)).toMatchObject({
    method: "POST",
    url: "/api/150",
    headers: { "x-shop": "one", "x-total": "150", "content-type": "application/json" },
    body: '{"email": "ada@shop.example"}',
  });

  // Pinned, the step does not run in a trial, and what follows is recorded as a job of its own.
  await result.getByRole("button", { name: "Pin this result" }).click();
  await expect(panel.getByText("The whole flow")).toBeVisible();
  await panel.getByText("The whole flow").click();
  await expect(panel.getByRole("group", { name: "Pinned results" })).toContainText("ship");
  await panel.getByRole("button", { name: "Try flow" }).click();
  const trial = panel.getByRole("region", { name: "Trial job 2" });
  await expect(trial.getByRole("listitem").filter({ hasText: "ship" })).toContainText("pinned");
  await expect(trial.getByRole("status").getByText("Complete")).toBeVisible();
  expect(destination.received).toHaveLength(2);
});

test("a script that throws is marked at its line, and a cURL command becomes a step without its key in clear", async ({
  page,
  workbench,
  destination,
}) => {
  await openOrder(page, workbench, destination);
  await choose(page, "check");
  await field(page, "Code").fill(
    "const order = memory.load('requestBody');\nthrow new Error('far');",
  );
  await page.getByRole("button", { name: "Run", exact: true }).last().click();
  const panel = page.getByRole("region", { name: "Try it" });
  await panel.getByRole("button", { name: "Try step" }).click();
  await expect(panel.getByText(/Error: far \(line 2, column/)).toBeVisible();
  await expect(field(page, "Code")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator(".cm-wrong-line")).toHaveText("throw new Error('far');");
  await field(page, "Code").fill("return 1;");
  await expect(page.locator(".cm-wrong-line")).toHaveCount(0);
  await panel.getByRole("button", { name: "Close this panel" }).click();

  await choose(page, "ship");
  await page.getByRole("button", { name: "Paste a cURL command…" }).click();
  const dialog = page.getByRole("dialog", { name: "Paste a cURL command" });
  await dialog
    .getByRole("textbox", { name: "Command" })
    .fill(
      `curl -X PUT '${destination.url("/v1/orders")}' \\\n  -H 'Authorization: Bearer e2e-clear-token' \\\n  --json '{"a":1}'`,
    );
  await dialog.getByLabel("Name of the secret for Authorization").fill("shop_token");
  await dialog.getByRole("button", { name: "Use it" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(field(page, "Body")).toContainText('{"a":1}');
  await expect(page.locator("body")).not.toContainText("e2e-clear-token");
  await expect(field(page, "Value 1 of Headers")).toContainText("Bearer {{secrets.shop_token}}");

  await page.getByRole("button", { name: "Run this step" }).click();
  await panel.getByRole("button", { name: "Try step" }).click();
  await expect(panel.getByRole("region", { name: "Answer" })).toBeVisible();
  expect(destination.received.at(-1)?.headers.authorization).toBe("Bearer e2e-clear-token");
  await expect(page.locator("body")).not.toContainText("e2e-clear-token");
});
