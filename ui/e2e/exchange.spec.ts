/** A workspace leaves as one file and comes back with a preview; a file of another program comes in on an empty one. */
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, open, test } from "./support/workbench";

const FLOW = {
  format: "hookloom.flow/1",
  name: "orders",
  title: "Orders",
  endpoints: [{ name: "orders", auth: { kind: "shared_key", secret: "orders_key" } }],
  steps: [{ name: "note", kind: "set", values: { a: "1" } }],
};
const HOOKS = [
  {
    id: "redeploy",
    "execute-command": "/srv/redeploy.sh",
    "trigger-rule": {
      match: {
        type: "payload-hmac-sha256",
        secret: "hunter2hunter2",
        parameter: { source: "header", name: "X-Hub-Signature-256" },
      },
    },
  },
];

test("hooks come in on an empty workspace, and the whole of it goes out and in again with a preview", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await page.getByRole("button", { name: "Import something else…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import" });
  await dialog.getByLabel("Or paste it here").fill("nothing of the kind");
  await expect(dialog.getByText("This is nothing that can be imported.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await dialog.getByLabel("Or paste it here").fill(JSON.stringify(HOOKS));
  await expect(dialog.getByText("hooks.json of adnanh/webhook", { exact: true })).toBeVisible();
  const dropped = dialog.getByRole("list", { name: /^Dropped/ });
  await expect(dropped).toContainText("Hookloom starts no programs");
  const secret = dialog.getByLabel("redeploy_secret");
  await secret.fill("hunter2hunter2");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.length])).toEqual([]);
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "redeploy" })).toBeVisible();
  const secrets = JSON.parse(workbench.command(["secret", "list", "--json"])) as {
    name: string;
    state: string;
  }[];
  expect(secrets.map(({ name, state }) => [name, state])).toContainEqual([
    "redeploy_secret",
    "stored",
  ]);

  workbench.command(["flow", "import", workbench.file("orders.json", FLOW), "--publish"]);
  await open(page, "/settings");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("hookloom.workspace.json");
  const text = readFileSync(await download.path(), "utf8");
  expect(text).not.toContain("hunter2");
  await page.getByLabel("What to export").selectOption("Some flows");
  await expect(page.getByRole("button", { name: "Export", exact: true })).toBeDisabled();
  await page.getByLabel("Orders (orders)").check();
  await page.getByLabel("As", { exact: true }).selectOption("cURL commands");
  await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export", exact: true }).click(),
  ]);
  await expect(page.getByText("cURL sends requests; it computes nothing.")).toBeVisible();

  // What changed here since then is asked about, and chosen for each.
  workbench.command([
    "flow",
    "import",
    workbench.file("orders.json", { ...FLOW, title: "Orders of today" }),
    "--publish",
  ]);
  await page.getByRole("button", { name: "Import…", exact: true }).click();
  await dialog.locator("input[type=file]").setInputFiles({
    name: "workspace.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  await expect(dialog.getByText(/this one is called/)).toBeVisible();
  await dialog.getByLabel("What becomes of orders").selectOption("Replace");
  await expect(dialog.getByText("What is published here stays")).toBeVisible();
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const flow = JSON.parse(workbench.command(["flow", "list", "--json"])) as {
    name: string;
    state: string;
    draft_changed: boolean;
  }[];
  expect(flow.map(({ name, state, draft_changed }) => [name, state, draft_changed]).sort()).toEqual(
    [
      ["orders", "live", true],
      ["redeploy", "off", true],
    ],
  );
});
