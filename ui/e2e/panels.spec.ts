/** What belongs to the parts of a flow and does not stand in its document. */
import type { Page } from "@playwright/test";
import { SIGNING } from "./support/flows";
import { expect, open, test, type Destination, type Workbench } from "./support/workbench";
import { STEPS_KEY, workshop } from "./support/workshop";

async function openWorkshop(
  page: Page,
  workbench: Workbench,
  destination: Destination,
): Promise<void> {
  workbench.command(["secret", "set", "tickets_key"], "e2e-tickets-key");
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("workshop.json", workshop(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Workshop").first()).toBeVisible();
  await open(page, "/flows/workshop");
}

const choose = (page: Page, part: string) =>
  page.getByRole("navigation", { name: "Outline" }).getByRole("button", { name: part }).click();

const panel = (page: Page, part: string) => page.getByRole("complementary", { name: part });

test("an endpoint shows all its URLs; one with a token is made, used and revoked, an old path deleted", async ({
  page,
  workbench,
  destination,
}) => {
  await openWorkshop(page, workbench, destination);
  await choose(page, "open");
  const aside = panel(page, "open");
  const { receiver } = workbench.ready;
  const urls = aside.getByRole("list", { name: "URLs", exact: true });
  await expect(urls.getByText(`${receiver}/api/webhook/local/workshop/open`)).toBeVisible();
  await expect(urls.getByText(`${receiver}/api/call/open`)).toBeVisible();

  await aside.getByRole("button", { name: "Make a URL with a token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("ci runner");
  await dialog.getByRole("button", { name: "Make it" }).click();
  const url = (await dialog.getByText(`${receiver}/hook/`).textContent()) ?? "";
  await dialog.getByRole("button", { name: "I have it" }).click();
  const row = aside.getByRole("listitem").filter({ hasText: "ci runner" });
  await expect(row).toContainText("never used");
  await expect(page.locator("body")).not.toContainText(url);

  const call = () => fetch(url, { method: "POST", body: "{}" }).then(({ status }) => status);
  expect(await call()).toBe(200);
  await aside.getByRole("button", { name: "Revoke the URL of ci runner" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke it" }).click();
  await expect(row).toHaveCount(0);
  expect(await call()).toBe(404);

  const moved = workshop(destination.url("")) as { endpoints: { path?: string }[] };
  moved.endpoints[0]!.path = "/in/cases/{id}";
  workbench.command(["flow", "import", workbench.file("moved.json", moved), "--publish"]);
  await choose(page, "tickets");
  const tickets = panel(page, "tickets");
  await expect(tickets.getByText(`${receiver}/in/cases/{id}?key=YOUR_KEY`)).toBeVisible();
  await tickets.getByRole("button", { name: "Delete the old path /in/tickets/{id}" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the old path" }).click();
  await expect(tickets.getByText("Old paths")).toHaveCount(0);
});

test("a webhook task is tested with the whole exchange shown, switched off, ended by 410 and brought back", async ({
  page,
  workbench,
  destination,
}) => {
  await openWorkshop(page, workbench, destination);
  await choose(page, "Tell the shop");
  const aside = panel(page, "Tell the shop");
  await aside.getByRole("button", { name: "Send test…" }).click();
  const dialog = page.getByRole("dialog", { name: "Test Tell the shop" });
  await dialog
    .getByLabel("Sample values")
    .fill('{"steps": {"sort": {"data": {"urgent": "very"}}}}');
  await dialog.getByRole("button", { name: "Send test" }).click();
  const result = dialog.getByRole("region", { name: "Result of the test" });
  await expect(result.getByText("The receiver took it")).toBeVisible();
  await expect(result.getByRole("region", { name: "Request" })).toContainText('"very"');
  await expect(result.getByRole("region", { name: "Answer" })).toContainText('"ok": true');
  await expect(page.locator("body")).not.toContainText(SIGNING);
  expect(destination.received.map(({ headers }) => headers["x-hookloom-test"])).toEqual(["true"]);
  destination.status = 410;
  await dialog.getByRole("button", { name: "Send again" }).click();
  await expect(result.getByText("Not delivered")).toBeVisible();
  await expect(result.getByText("410 Gone")).toBeVisible();
  await page.keyboard.press("Escape");

  const power = aside.getByRole("switch", { name: "Switched on" });
  await expect(power, "a test ends nothing").toBeChecked();
  await power.click();
  await expect(page.getByText("Tell the shop is switched off.")).toBeVisible();
  await power.click();
  await expect(page.getByText("Tell the shop is switched on.")).toBeVisible();

  workbench.command(["run", "workshop"]);
  workbench.command(["job", "cancel", "1"]);
  const ended = aside.getByText("This task was switched off by an answer.");
  await expect(ended).toBeVisible();
  await power.click();
  await expect(ended).toHaveCount(0);
  await expect(power).toBeChecked();
});

test("a remote step's key is made once, a schedule tells its next times, a job what it logged and waits for", async ({
  page,
  workbench,
  destination,
}) => {
  await openWorkshop(page, workbench, destination);
  await choose(page, "approve");
  const aside = panel(page, "approve");
  await expect(aside.getByText("Legacy signature")).toBeVisible();
  await aside.getByRole("button", { name: "Generate a key…" }).click();
  const dialog = page.getByRole("dialog", { name: `Generate a key for ${STEPS_KEY}` });
  await dialog.getByRole("button", { name: "Generate the key" }).click();
  await expect(dialog.getByText(/^wsk_\w{32}$/)).toBeVisible();
  await expect(dialog.getByText(/^whsec_/)).toBeVisible();
  await dialog.getByRole("button", { name: "I have it" }).click();
  await aside.getByRole("button", { name: "Generate a key…" }).click();
  await expect(dialog.getByRole("button", { name: "Replace the key" })).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await choose(page, "nightly");
  const nightly = panel(page, "nightly");
  const times = nightly.getByRole("list", { name: "Next times of nightly" });
  await expect(times.getByRole("listitem")).toHaveCount(10);
  await expect(times.getByRole("listitem").first()).toContainText("02:00 GMT+");
  await expect(nightly.getByText("one job for all of them")).toBeVisible();

  workbench.command(["run", "workshop"]);
  await open(page, "/jobs/1?tab=steps&item=sort");
  const log = page.getByRole("region", { name: "Log" });
  await expect(log).toContainText("looking at 7");
  await expect(log).toContainText("second line");
  await page.getByText("What this step could read when it began.").click();
  await expect(page.getByRole("tree", { name: "Input" })).toContainText("body");
  await page.getByRole("row").filter({ hasText: "rest" }).click();
  await expect(page.getByText("Goes on").first()).toBeVisible();
  await expect(page.getByText("in 59 min").first()).toBeVisible();
});
