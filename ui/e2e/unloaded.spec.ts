/** A page whose code does not come: the window stays, says so, and goes on when it can. */
import { expect, test } from "./support/workbench";

test("a page that cannot be loaded says so, loses nothing, and comes when Hookloom answers again", async ({
  page,
  workbench,
}) => {
  await page.route("**/assets/JobsPage-*", (route) => route.abort());
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "Jobs" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "This page could not be loaded." });
  await expect(alert).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Rooms" })).toBeVisible();

  // Nobody answers: loading the window anew would leave the browser's own page.
  await page.route("**/*", (route) => route.abort());
  const asked = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/"));
  await alert.getByRole("button", { name: "Try again" }).click();
  await asked;
  await expect(alert).toBeVisible();

  await page.unrouteAll();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
});
