/** A job that waits is canceled, and runs again with an edited input. */
import { expect, test } from "./support/workbench";

/** Nobody listens there, so that the step waits for its next attempt. */
function waiting(shop: string): object {
  return {
    format: "hookloom.flow/1",
    name: "patient",
    title: "Patient",
    endpoints: [{ name: "patient_in", auth: { kind: "none" }, body_memory: "requestBody" }],
    steps: [
      {
        name: "ship",
        kind: "http",
        method: "POST",
        url: "{{requestBody.url}}",
        retry: { attempts_max: 5, backoff: "fixed", delay_ms: 600_000 },
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
  const input = workbench.file("input.json", { url: "http://127.0.0.1:9/nobody" });
  workbench.command(["run", "patient", "--input", input]);
  await page.goto(workbench.link);
  await page.getByRole("link", { name: /^Jobs/ }).click();
  await page.getByRole("row").filter({ hasText: "Patient" }).first().click();
  await expect(page.getByRole("heading", { name: "Job 1" })).toBeVisible();

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Cancel job 1?" });
  await question.getByRole("button", { name: "Cancel the job" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByText("Canceled").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel", exact: true })).toBeHidden();

  await page.getByRole("button", { name: "Replay…" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay job 1" });
  await dialog.getByLabel("The version that is published now").check();
  await dialog.getByLabel("Edited input").fill(JSON.stringify({ url: destination.url("/ship") }));
  await dialog.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Job 2" })).toBeVisible();
  await expect(page.getByText("Complete").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Job 1" })).toBeVisible();
  expect(destination.received.map(({ url }) => url)).toContain("/ship");

  await page.getByRole("link", { name: "Patient" }).first().click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Schedules…" }).click();
  const schedules = page.getByRole("dialog", { name: "Schedules of Patient" });
  await expect(schedules.getByText("30 2 * * *")).toBeVisible();
  await expect(schedules.getByRole("listitem")).toHaveCount(10);
});
