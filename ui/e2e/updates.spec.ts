/** Updates: nobody is asked before somebody says so; what there is is shown, downloaded, and never installed. */
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ReleaseServer } from "./support/releases";
import { expect, open, test, Workbench } from "./support/workbench";

async function atUpdates(page: Page, workbench: Workbench) {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  const part = page.locator("section").filter({
    has: page.getByRole("heading", { name: "Updates", exact: true }),
  });
  await part.scrollIntoViewIfNeeded();
  return part;
}

async function isAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.length])).toEqual([]);
}

test("a build without an address says that it looks for no updates, and why", async ({
  page,
  workbench,
}) => {
  const part = await atUpdates(page, workbench);
  await expect(part.getByText("This build looks for no updates.")).toBeVisible();
  await expect(part.getByText("gave it no address to ask")).toBeVisible();
  await expect(part.getByRole("button", { name: "Look for updates" })).toHaveCount(0);
});

/** A workbench that asks a server of releases. */
async function withNewerRelease(
  run: (workbench: Workbench, releases: ReleaseServer) => Promise<void>,
) {
  const releases = new ReleaseServer();
  await releases.start();
  const options = ["--updates-from", releases.url, "--updates-key", releases.key];
  const workbench = await Workbench.start(undefined, options);
  try {
    await run(workbench, releases);
  } finally {
    await workbench.stop();
    await releases.stop();
  }
}

/** Looks as the command line does, while this process goes on answering. */
async function lookElsewhere({ ready }: Workbench) {
  const token = readFileSync(ready.token_file, "utf8").trim();
  const looked = await fetch(`${ready.control}/api/v1/updates/check`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(looked.status).toBe(200);
}

test("a newer release has a quiet sign at the settings, once for each version", async ({
  page,
}) => {
  await withNewerRelease(async (workbench, releases) => {
    await page.goto(workbench.link);
    await expect(page.getByText("Begin with a flow that works")).toBeVisible();
    const rail = page.getByRole("navigation", { name: "Rooms" });
    const plain = rail.getByRole("link", { name: "Settings", exact: true });
    await expect(plain).toBeVisible();

    // Found by a look that nobody made here: the page hears of it.
    releases.publish("9.9.9", "- Faster.");
    await lookElsewhere(workbench);
    const sign = (version: string) =>
      rail.getByRole("link", { name: `Settings Hookloom ${version} is there` });
    await expect(sign("9.9.9")).toBeVisible();
    await isAccessible(page);
    await sign("9.9.9").click();
    await expect(page.getByText("Hookloom 9.9.9 is there.")).toBeInViewport();
    await expect(plain).toBeVisible();
    await page.reload();
    await expect(plain).toBeVisible();

    // The next one has its own, which can be put away unseen.
    await open(page, "/jobs");
    releases.publish("10.0.0", "- More.");
    await lookElsewhere(workbench);
    await expect(sign("10.0.0")).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Type the name of a command").fill("newer release");
    await expect(page.getByText("Show the newer release of Hookloom")).toBeVisible();
    await page.getByText("Put away the sign of a newer release").click();
    await expect(plain).toBeVisible();
    await open(page, "/flows");
    await expect(plain).toBeVisible();
  });
});

test("an update is looked for when somebody says so, downloaded with progress, and its command shown", async ({
  page,
}) => {
  const releases = new ReleaseServer();
  await releases.start();
  const options = ["--updates-from", releases.url, "--updates-key", releases.key];
  const workbench = await Workbench.start(undefined, options);
  try {
    releases.publish("9.9.9", "- Faster.\n- <b>No</b> markup.");
    const part = await atUpdates(page, workbench);
    await expect(part.getByLabel("Look once a day")).not.toBeChecked();
    expect(releases.asked).toEqual([]);

    await part.getByRole("button", { name: "Look for updates" }).click();
    await expect(part.getByText("Hookloom 9.9.9 is there.")).toBeVisible();
    await expect(part.getByText("<b>No</b> markup.")).toBeVisible();
    expect(releases.asked).toEqual(["/release.json", "/release.json.minisig"]);
    await isAccessible(page);

    await part.getByRole("button", { name: "Download" }).click();
    await expect(part.getByRole("progressbar")).toBeVisible();
    await part.getByRole("button", { name: "Cancel" }).click();
    await expect(part.getByText("Hookloom 9.9.9 was not downloaded.")).toBeVisible();
    await part.getByRole("button", { name: "Download" }).click();
    await expect(part.getByRole("progressbar")).toBeVisible();
    await isAccessible(page);
    releases.sendTheRest();
    await expect(part.getByText("every byte is what was signed")).toBeVisible();
    await expect(part.getByText(/^sudo apt install .*Hookloom_9\.9\.9_all\.deb$/)).toBeVisible();
    await isAccessible(page);

    // Somebody changes the manifest on its way.
    releases.put("/release.json", '{"format": "hookloom.release/1"}');
    await part.getByRole("button", { name: "Look for updates" }).click();
    await expect(part.getByRole("alert")).toContainText("The signature does not fit the manifest");
    await expect(part.getByText("Hookloom 9.9.9 is there.")).toBeVisible();
    await isAccessible(page);

    await part.getByRole("switch", { name: "Look once a day" }).click();
    await expect
      .poll(() => JSON.parse(workbench.command(["setting", "list", "--json"])).updates_daily)
      .toBe(true);
  } finally {
    await workbench.stop();
    await releases.stop();
  }
});
