/** A backup is made, seen, put back by a running server, and deleted; the schedule is kept. */
import AxeBuilder from "@axe-core/playwright";
import { expect, open, test } from "./support/workbench";

test("a backup is made and restored with a button, and the page goes on", async ({
  page,
  workbench,
}) => {
  workbench.command(["variable", "set", "shop_url", "https://shop.example"]);
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  await expect(page.getByText("There is no backup yet.")).toBeVisible();
  await page.getByRole("button", { name: "Back up now" }).click();
  const list = page.getByRole("table", { name: "Backups" });
  const row = list.getByRole("row").filter({ hasText: "By hand" });
  await expect(row).toContainText("0 jobs");

  await page.getByLabel("Make one by itself").selectOption("Daily");
  await expect(page.getByLabel("Keep the last")).toHaveValue("7");
  await page.getByLabel("Keep the last").selectOption("14");
  await expect
    .poll(() => JSON.parse(workbench.command(["backup", "list", "--json"])).schedule)
    .toEqual({ every: "day", keep: 14 });

  // What comes after the backup is not in it.
  workbench.command(["variable", "set", "later", "1"]);
  await row.getByRole("button", { name: /^Restore hookloom-/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Restore the backup of/ });
  await expect(dialog.getByText("it is moved aside within the data folder")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.length])).toEqual([]);
  await dialog.getByRole("button", { name: "Restore it" }).click();
  await expect(page.getByText("before-restore-")).toBeVisible({ timeout: 30_000 });
  const variables = JSON.parse(workbench.command(["variable", "list", "--json"])) as {
    name: string;
  }[];
  expect(variables.map(({ name }) => name)).toEqual(["shop_url"]);

  // The session lives on, and the schedule is what it was when the backup was made.
  await expect(page.getByLabel("Make one by itself")).toHaveValue("off", { timeout: 30_000 });
  await row.getByRole("button", { name: /^Delete hookloom-/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the backup" }).click();
  await expect(page.getByText("There is no backup yet.")).toBeVisible();
});
