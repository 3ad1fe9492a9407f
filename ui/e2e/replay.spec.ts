/** A job that waits is canceled, and runs again with an edited input. */
import { expect, test } from "./support/workbench";

/** It waits as long as its input says, and then tells the shop. */
function waiting(shop: string): object {
  return {
    format: "hookloom.flow/1",
    name: "patient",
    title: "Patient",
    endpoints: [{ name: "patient_in", auth: { kind: "none" }, body_memory: "requestBody" }],
    steps: [
      { name: "rest", kind: "delay", for_ms: "{{requestBody.wait_ms}}" },
      {
        name: "ship",
        kind: "http",
        after: [{ step: "rest" }],
        method: "POST",
        url: "{{vars.shop}}/ship",
      },
    ],
    schedules: [{ name: "nightly", cron: "30 2 * * *", time_zone: "Europe/Berlin" }],
    vars: { shop },
  };
}

test("a job is canceled, replayed with another input, and the schedules are shown", async ({
  page,
  workbench,
  destination,
}) => {
  const file = workbench.file("flow.json", waiting(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  const input = workbench.file("input.json", { wait_ms: 600_000 });
  workbench.command(["run", "patient", "--input", input]);
  await page.goto(workbench.link);
  await page.getByRole("link", { name: /^Jobs/ }).click();
  // Home has a row of that name too, and is there until the list is.
  const jobs = page.getByRole("grid", { name: /^Jobs/ });
  await jobs.getByRole("row").filter({ hasText: "Patient" }).first().click();
  await expect(page.getByRole("heading", { name: "Job 1" })).toBeVisible();

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Cancel job 1?" });
  await question.getByRole("button", { name: "Cancel the job" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByText("Canceled").first()).toBeVisible();
  // It stays in its place, so that nobody presses what would come there.
  await expect(page.getByRole("button", { name: "Cancel", exact: true })).toBeDisabled();

  await page.getByRole("button", { name: "Replay…" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay job 1" });
  await dialog.getByLabel("The version that is published now").check();
  await dialog.getByLabel("Edited input").fill(JSON.stringify({ wait_ms: 0 }));
  await dialog.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Job 2" })).toBeVisible();
  await expect(page.getByText("Complete").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Job 1" })).toBeVisible();
  expect(destination.received.map(({ url }) => url)).toContain("/ship");

  await page.getByRole("link", { name: "Patient" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Patient" })).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Schedules…" }).click();
  const schedules = page.getByRole("dialog", { name: "Schedules of Patient" });
  await expect(schedules.getByText("30 2 * * *")).toBeVisible();
  await expect(schedules.getByRole("listitem")).toHaveCount(10);
});
