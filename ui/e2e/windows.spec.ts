/** The editor by hand, in two windows: groups, the clipboard, edges, search, and drafts that meet or cannot be saved. */
import type { Locator, Page } from "@playwright/test";
import { expect, open, test } from "./support/workbench";

const SET = { kind: "set", values: {} };

function relay(shop: string): object {
  return {
    format: "hookloom.flow/1",
    name: "relay",
    endpoints: [{ name: "calls", auth: { kind: "none" } }],
    steps: [
      { name: "first", ...SET },
      { name: "second", ...SET, after: [{ step: "first" }] },
      { name: "third", ...SET, after: [{ step: "second" }] },
    ],
    webhook_tasks: [
      {
        name: "Tell",
        url: `${shop}/old`,
        method: "POST",
        event: "job_finished",
        object: "any_job",
      },
    ],
  };
}

const card = (page: Page, name: string) =>
  page.getByRole("group", { name: new RegExp(`^${name},`) });
const row = (page: Page, name: string) =>
  page
    .getByRole("navigation", { name: "Outline" })
    .getByRole("button", { name: new RegExp(`^${name}`) });
const aside = (page: Page, name: string) => page.getByRole("complementary", { name });
const dialog = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });
const saved = (page: Page) => page.getByText(/^Draft saved/);

async function box(of: Locator) {
  const found = await of.boundingBox();
  if (!found) throw new Error("it is not drawn");
  return found;
}

async function drag(page: Page, from: [number, number], to: [number, number]) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

/** Keeps back what a page asks for, until what is returned is called. */
async function hold(page: Page, url: string): Promise<() => void> {
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(url, async (route) => {
    await held;
    await route.continue();
  });
  return goOn;
}

/** A window of its own that is signed in: one session is one window's. */
async function another(page: Page, path: string): Promise<Page> {
  const opened = page.waitForEvent("popup");
  await page.evaluate((url) => void window.open(url), new URL(path, page.url()).href);
  return opened;
}

test.beforeEach(async ({ page, context, workbench, destination }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const file = workbench.file("relay.json", relay(destination.url("")));
  workbench.command(["flow", "import", file]);
  const other = { format: "hookloom.flow/1", name: "other", steps: [{ name: "first", ...SET }] };
  workbench.command(["flow", "import", workbench.file("other.json", other)]);
  await page.goto(workbench.link);
  await expect(page.getByRole("navigation", { name: "Rooms" })).toBeVisible();
  await open(page, "/flows/relay");
  await expect(card(page, "third")).toBeVisible();
});

test("cards are boxed, moved together, copied to another window; steps are put on a line, and found", async ({
  page,
}) => {
  // The whole way in one go: longer than others on a machine with much else to do.
  test.slow();
  // A box around two cards, with Shift held; they are moved as one, and undone as one.
  const [second, third] = [await box(card(page, "second")), await box(card(page, "third"))];
  await page.keyboard.down("Shift");
  await drag(
    page,
    [second.x - 20, second.y - 12],
    [third.x + third.width + 20, third.y + third.height + 12],
  );
  await page.keyboard.up("Shift");
  await expect(aside(page, "2 parts selected")).toBeVisible();
  const at = await box(card(page, "second"));
  await drag(page, [at.x + 60, at.y + 12], [at.x + 150, at.y + 42]);
  // How far they stand to the right of the card that stayed.
  const aside_px = async () => {
    const [first, ...moved] = await Promise.all(
      ["first", "second", "third"].map((name) => box(card(page, name))),
    );
    return moved.map(({ x }) => Math.round(x - first!.x));
  };
  await expect.poll(async () => (await aside_px()).every((px) => px > 60)).toBe(true);
  const [left, right] = await aside_px();
  expect(left).toBe(right);
  await page.keyboard.press("Control+z");
  await expect.poll(aside_px).toEqual([0, 0]);

  // To another flow in another window, as JSON; then what is broken there is said.
  await page.keyboard.press("Control+c");
  await expect(page.getByText("Copied 2 parts as JSON.")).toBeVisible();
  const other = await another(page, "/flows/other");
  await expect(row(other, "first")).toBeVisible();
  await other.keyboard.press("Control+v");
  await expect(row(other, "third")).toBeVisible();
  await expect(aside(other, "2 parts selected")).toBeVisible();
  await expect(other.getByRole("button", { name: /from second to third: success/ })).toBeVisible();
  await other.evaluate(() => navigator.clipboard.writeText('{\n  "steps": [}'));
  await other.keyboard.press("Control+v");
  await expect(
    other.getByText(/broken JSON.*Line 2, column 13: a value is expected/),
  ).toBeVisible();
  await expect(row(other, "third")).toHaveCount(1);
  await other.close();

  // On a line, by pointer and by keys.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /from first to second: success/ }).hover();
  await page.getByRole("button", { name: "Insert a step between first and second" }).click();
  await dialog(page, "Insert between first and second")
    .getByRole("option", { name: /^Delay/ })
    .click();
  await expect(page.getByRole("button", { name: /from first to delay: success/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /from delay to second: success/ })).toBeVisible();
  await row(page, "third").click();
  await page.keyboard.press("i");
  await expect(dialog(page, "Insert between second and third").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("fail");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /from second to fail: success/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /from fail to third/ })).toBeVisible();

  // Found by any of their words, one after the other.
  await page.keyboard.press("Control+f");
  const search = page.getByRole("search");
  await expect(search.getByRole("textbox")).toBeFocused();
  await page.keyboard.type("set values");
  await expect(search.getByRole("status")).toHaveText("0 of 3");
  await page.keyboard.press("Enter");
  await expect(aside(page, "first")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(aside(page, "second")).toBeVisible();
  await page.keyboard.press("Shift+Enter");
  await expect(search.getByRole("status")).toHaveText("1 of 3");
  await page.keyboard.press("Escape");
  await expect(search).toHaveCount(0);

  // From the editor, without leaving it: an endpoint by the wizard, and a task from a cURL command.
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.getByRole("dialog").getByRole("combobox").fill("endpoint");
  await page.getByRole("option", { name: /^Endpoint/ }).click();
  const wizard = page.getByRole("dialog");
  await wizard.getByRole("button", { name: "GitHub" }).click();
  await wizard.getByRole("button", { name: "Add the endpoint" }).click();
  await wizard.getByRole("button", { name: "Close" }).first().click();
  await expect(aside(page, "github")).toBeVisible();
  await row(page, "Tell").click();
  await aside(page, "Tell").getByRole("button", { name: /cURL/ }).click();
  const paste = page.getByRole("dialog");
  await paste
    .getByRole("textbox")
    .fill("curl -X PUT https://shop.example/new -H 'X-Shop: one' -d '{\"a\": 1}'");
  await paste.getByRole("button", { name: "Use it" }).click();
  await expect(aside(page, "Tell").getByRole("textbox", { name: "URL", exact: true })).toHaveText(
    "https://shop.example/new",
  );
  await expect(aside(page, "Tell").getByLabel("Name 1 of Headers")).toHaveValue("X-Shop");
  await expect(saved(page)).toBeVisible();
});

test("two windows that edit one draft are asked which goes on; a draft that cannot be saved is not left unasked", async ({
  page,
}) => {
  // The other window does not hear of changes: so it edits what is old.
  const other = await another(page, "/jobs");
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  await other.route("**/api/v1/events*", (route) => route.abort());
  await other.goto(page.url());
  await expect(row(other, "third")).toBeVisible();
  const jobs = await hold(other, "**/assets/JobsPage-*.js");
  await row(page, "first").click();
  await page.keyboard.press("Delete");
  await expect(saved(page)).toBeVisible();
  await row(other, "third").click();
  await other.keyboard.press("Delete");

  // What decides stays where it is while the comparison loads.
  const loads = await hold(other, "**/assets/DocumentDiff-*.js");
  await other.getByRole("button", { name: "Choose" }).click();
  const conflict = dialog(other, "The draft was changed elsewhere");
  const choice = conflict.getByRole("button", { name: "Take theirs" });
  const before = await box(choice);
  loads();
  await expect(conflict.getByRole("textbox").first()).toBeVisible();
  expect(await box(choice)).toEqual(before);
  await expect(conflict.getByRole("listitem").filter({ hasText: "first" })).toBeVisible();
  await expect(conflict.getByRole("listitem").filter({ hasText: "third" })).toBeVisible();
  await choice.click();
  await expect(row(other, "third")).toBeVisible();
  await expect(row(other, "first")).toHaveCount(0);
  await expect(saved(other)).toBeVisible();
  await other.keyboard.press("Control+z");
  await expect(row(other, "third")).toHaveCount(0);
  await expect(row(other, "first")).toBeVisible();
  await expect(saved(other)).toBeVisible();
  await expect(row(page, "third")).toHaveCount(0);

  // Without an answer the draft waits here: whoever leaves is asked, and it is saved when there is one again.
  await other.route("**/api/v1/flows/relay/draft", (route) => route.abort());
  await row(other, "second").click();
  await other.keyboard.press("Delete");
  await expect(other.getByText(/^Not saved:/)).toBeVisible();
  await other
    .getByRole("navigation", { name: "Rooms" })
    .getByRole("link", { name: "Jobs" })
    .click();
  const leave = dialog(other, "Leave a draft that is not saved?");
  await leave.getByRole("button", { name: "Stay" }).click();
  await expect(row(other, "first")).toBeVisible();
  await other
    .getByRole("navigation", { name: "Rooms" })
    .getByRole("link", { name: "Jobs" })
    .click();
  await leave.getByRole("button", { name: "Leave" }).click();
  await expect(other).toHaveURL(/\/jobs/);
  await other.unroute("**/api/v1/flows/relay/draft");
  // Whoever comes back at once, while the next page still loads, is not asked again.
  await other.goBack();
  await expect(other).toHaveURL(/\/flows\/relay/);
  jobs();
  await expect(row(other, "second")).toHaveCount(0);
  await expect(saved(other)).toBeVisible();
  await expect(row(page, "second")).toHaveCount(0);
});
