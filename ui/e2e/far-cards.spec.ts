/** A large flow from far away and on the move: lines are pulled out of its cards, and nothing is missing on the way. */
import type { Locator, Page } from "@playwright/test";
import { expect, open, test } from "./support/workbench";

const COUNT = 70;
const SET = { kind: "set", values: {} };
const card = (page: Page, name: string) =>
  page.getByRole("group", { name: new RegExp(`^${name},`) });

/** Steps in a row, and one that nothing leads to yet. */
const longFlow = {
  format: "hookloom.flow/1",
  name: "long",
  endpoints: [{ name: "orders", auth: { kind: "none" } }],
  steps: Array.from({ length: COUNT }, (_, at) => ({
    name: `step_${at}`,
    ...SET,
    ...(at === 0 ? {} : { after: [{ step: `step_${at - 1}`, on: ["success"] }] }),
  })),
};

async function middle(of: Locator): Promise<{ x: number; y: number; height: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error("it is not drawn");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, height: box.height };
}

test.beforeEach(async ({ page, workbench }) => {
  workbench.command(["flow", "import", workbench.file("long.json", longFlow)]);
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await open(page, "/flows/long");
  await expect(card(page, "orders")).toBeVisible();
});

test("a line is pulled out of a card that is far away", async ({ page }) => {
  await page.getByRole("button", { name: "Show the whole flow" }).click();
  await expect(card(page, "step_30")).toHaveText("");
  // It is on its way there for a moment.
  await expect(page.locator("[data-moving]")).toHaveCount(0);
  const [from, to] = [await middle(card(page, "step_30")), await middle(card(page, "step_34"))];
  expect(from.height).toBeLessThan(20);
  await page.mouse.move(from.x, from.y);
  await page.mouse.move(from.x, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole("button", { name: /^Undo/ })).toBeEnabled();
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
  await open(page, "/flows/long?node=step%3Astep_34");
  await expect(page.getByRole("button", { name: /step_30\b.*step_34\b/ })).toBeAttached();
});

test("while it is pulled, what comes into sight is a shape, and then its card", async ({
  page,
}) => {
  const room = page.getByRole("region", { name: "Drawing of the flow" });
  const shapes = room.locator("svg[data-near]");
  const begun = await middle(card(page, "orders"));
  const before = await middle(card(page, "step_4"));
  await expect(shapes).toBeHidden();
  const [x, y] = [begun.x - 200, begun.y + 400];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 300, { steps: 3 });
  await expect(shapes).toBeVisible();
  // The card is pulled along at once.
  const pulled = await middle(card(page, "step_4"));
  expect(Math.abs(pulled.y - (before.y - 300))).toBeLessThan(2);
  await page.mouse.up();
  await expect(shapes).toBeHidden();
  await expect(room).not.toHaveAttribute("data-moving");
  const rests = await middle(card(page, "step_4"));
  expect(Math.abs(rests.y - pulled.y)).toBeLessThan(1);
  await expect(card(page, "step_8")).toBeInViewport();

  // A step of the wheel is where the next one begins.
  await page.mouse.wheel(0, 100);
  await page.mouse.wheel(0, -100);
  await expect(room).not.toHaveAttribute("data-moving");
  await expect(page.getByText("80 %", { exact: true })).toBeVisible();
});
