/** A flow is built in the editor: by pointer, and by keys alone; undo goes back over a reload; it is published and called. */
import type { Page } from "@playwright/test";
import { expect, open, test, type Workbench } from "./support/workbench";

const outline = (page: Page) => page.getByRole("navigation", { name: "Outline" });
const rows = (page: Page) => outline(page).getByRole("button");
const aside = (page: Page, name: string) => page.getByRole("complementary", { name });
const card = (page: Page, name: string) =>
  page.getByRole("group", { name: new RegExp(`^${name},`) });
const saved = (page: Page) =>
  page
    .getByRole("banner")
    .or(page.locator("header"))
    .getByText(/^Draft saved/);

async function begin(page: Page, workbench: Workbench): Promise<void> {
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await open(page, "/flows");
  await expect(page.getByText("No flows yet")).toBeVisible();
}

async function call(workbench: Workbench, flow: string): Promise<number> {
  const url = `${workbench.ready.receiver}/api/webhook/local/${flow}`;
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body: '{"total": 3}' })).status;
}

test("a flow is built by pointer, changed, compared, restored and watched", async ({
  page,
  workbench,
}) => {
  await begin(page, workbench);
  await page.getByRole("button", { name: "New flow" }).first().click();
  const make = page.getByRole("dialog", { name: "New flow" });
  await make.getByLabel("Name", { exact: true }).fill("intake");
  await make.getByLabel("Anyone who knows the URL").check();
  await make.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "intake" })).toBeVisible();

  // From the card, by its plus; then between two cards, by the line.
  await card(page, "intake").hover();
  await page.getByRole("button", { name: "Add after intake" }).click();
  await page.getByRole("option", { name: /^Set values/ }).click();
  await expect(aside(page, "values")).toBeVisible();
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.getByRole("dialog").getByRole("combobox").fill("wait");
  await page.getByRole("option", { name: /^Delay/ }).click();
  await expect(aside(page, "delay")).toBeVisible();

  // A third step that nothing leads to, connected by pulling a line.
  await page
    .getByRole("region", { name: "Drawing of the flow" })
    .click({ position: { x: 6, y: 6 } });
  await page.keyboard.press("a");
  await page.getByRole("option", { name: /^Fail/ }).click();
  await expect(aside(page, "fail")).toBeVisible();
  const from = page.locator(".react-flow__node[data-id='step:delay'] .react-flow__handle.source");
  const to = card(page, "fail");
  await page.keyboard.press("f");
  await card(page, "delay").hover();
  const [begun, end] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(begun!.x, begun!.y);
  await page.mouse.down();
  await page.mouse.move(end!.x + end!.width / 2, end!.y + 8, { steps: 6 });
  await page.mouse.up();
  await expect(page.getByRole("button", { name: /from delay to fail: success/ })).toBeVisible();
  await page.getByRole("button", { name: /from delay to fail/ }).click();
  const codes = page.getByRole("dialog", { name: "From delay to fail" });
  await codes.getByLabel("success").uncheck();
  await codes.getByLabel("error").check();
  await codes.getByRole("button", { name: "Change" }).click();
  await expect(page.getByRole("button", { name: /from delay to fail: error/ })).toBeVisible();

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const publish = page.getByRole("dialog", { name: /^Publish/ });
  await expect(publish.getByText("This is the first version.", { exact: false })).toBeVisible();
  await publish.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Live, version 1").first()).toBeVisible();
  expect(await call(workbench, "intake")).toBe(200);

  // What is deleted is mended around, compared with what is published, and restored.
  await rows(page).filter({ hasText: "values" }).click();
  await page.keyboard.press("Delete");
  await expect(rows(page).filter({ hasText: "values" })).toHaveCount(0);
  await page.getByRole("button", { name: "Versions" }).click();
  await page.getByRole("menuitem", { name: "Compare…" }).click();
  const compare = page.getByRole("dialog", { name: /^Compare/ });
  await expect(compare.getByRole("listitem").filter({ hasText: "values" })).toContainText(
    "removed",
  );
  await compare.getByText("Drawing", { exact: true }).click();
  await expect(compare.getByRole("group", { name: /^values,.*removed/ })).toBeVisible();
  await compare.getByRole("button", { name: "Restore version 1 as the draft" }).click();
  await expect(rows(page).filter({ hasText: "values" })).toBeVisible();

  // The job that ran, on the drawing.
  await page.goto(new URL("/flows/intake?job=1&node=step%3Avalues", page.url()).href);
  await expect(card(page, "values")).toHaveAccessibleName(/Complete$/);
  await aside(page, "values").getByRole("tab", { name: "Data" }).click();
  await expect(aside(page, "values").getByText("success").first()).toBeVisible();
});

test("a flow is built by keys alone, undone over a reload, published and called", async ({
  page,
  workbench,
}) => {
  const { keyboard } = page;
  const palette = async (words: string) => {
    await keyboard.press("Control+k");
    await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
    await keyboard.type(words);
    await keyboard.press("Enter");
  };
  const add = async (kind: string) => {
    await keyboard.press("a");
    await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
    await keyboard.type(kind);
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  };
  await begin(page, workbench);
  await palette("Make a new flow");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await keyboard.type("night");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("ArrowDown");
  await expect(page.getByLabel("Anyone who knows the URL")).toBeChecked();
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "night" })).toBeVisible();

  // Its endpoint is there; two steps, the second by itself, then connected.
  await expect(rows(page)).toHaveCount(1);
  await add("set values");
  await expect(aside(page, "values")).toBeVisible();
  await rows(page).filter({ hasText: "values" }).focus();
  await keyboard.press("Escape");
  await expect(aside(page, "values")).toHaveCount(0);
  await add("delay");
  await expect(aside(page, "delay")).toBeVisible();
  await outline(page)
    .getByRole("button", { name: /^values/ })
    .focus();
  await keyboard.press("Home");
  await keyboard.press("ArrowDown");
  await expect(aside(page, "values")).toBeVisible();
  await keyboard.press("c");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await keyboard.type("delay");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  const edge = page.getByRole("button", { name: /from values to delay: success/ });
  await expect(edge).toBeVisible();

  await keyboard.press("Control+z");
  await expect(edge).toHaveCount(0);
  await keyboard.press("Control+Shift+z");
  await expect(edge).toBeVisible();
  await expect(saved(page)).toBeVisible();

  await page.reload();
  await expect(edge).toBeVisible();
  await keyboard.press("Control+z");
  await expect(edge).toHaveCount(0);
  await keyboard.press("Control+z");
  await expect(rows(page).filter({ hasText: "delay" })).toHaveCount(0);
  await keyboard.press("Control+Shift+z");
  await keyboard.press("Control+Shift+z");
  await expect(edge).toBeVisible();

  await palette("Publish this flow");
  await expect(
    page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }),
  ).toBeFocused();
  await keyboard.press("Enter");
  await expect(page.getByText("Live, version 1").first()).toBeVisible();
  expect(await call(workbench, "night")).toBe(200);
});
