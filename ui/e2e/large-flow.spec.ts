/** A flow too long for its room begins where its words can be read; every card is reached; waits are put in order. */
import type { Page } from "@playwright/test";
import { expect, open, test } from "./support/workbench";

const COUNT = 70;
const card = (page: Page, name: string) =>
  page.getByRole("group", { name: new RegExp(`^${name},`) });

/** Steps in a row, whose job is told of by a message with three attempts. */
const longFlow = (shop: string) => ({
  format: "hookloom.flow/1",
  name: "long",
  endpoints: [{ name: "orders", auth: { kind: "none" } }],
  steps: Array.from({ length: COUNT }, (_, at) => ({
    name: `step_${at}`,
    kind: "set",
    values: { at },
    ...(at === 0 ? {} : { after: [{ step: `step_${at - 1}`, on: ["success"] }] }),
  })),
  webhook_tasks: [
    {
      name: "Tell the shop",
      url: `${shop}/hooks`,
      event: "job_finished",
      object: "any_job",
      schedule_ms: [5_000, 60_000],
    },
  ],
});

test("a long flow begins at its trigger, and the keys lead to all of it", async ({
  page,
  workbench,
  destination,
}) => {
  const { keyboard } = page;
  workbench.command(["flow", "import", workbench.file("long.json", longFlow(destination.url("")))]);
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await open(page, "/flows/long");
  await expect(card(page, "orders")).toBeInViewport({ ratio: 0.99 });
  await expect(page.getByText("80 %", { exact: true })).toBeVisible();
  await expect(card(page, "step_60")).toHaveCount(0);

  // On the canvas, far below what was in sight.
  await card(page, "orders").focus();
  await keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "orders" })).toHaveCount(0);
  await expect(card(page, "orders")).toBeFocused();
  for (let pressed = 0; pressed < 20; pressed++) {
    await keyboard.press("ArrowDown");
    await expect(card(page, `step_${pressed}`)).toBeFocused();
  }
  await expect(card(page, "step_19")).toBeInViewport();
  await keyboard.press("Home");
  await expect(card(page, "orders")).toBeFocused();

  // In the outline: what is chosen there comes into sight.
  const outline = page.getByRole("navigation", { name: "Outline" });
  await outline.getByRole("button", { name: /^step_0/ }).click();
  await keyboard.press("End");
  await expect(card(page, "Tell the shop")).toBeInViewport();
  const message = outline.getByRole("button", { name: /^Tell the shop/ });
  await expect(message).toBeFocused();
  await expect(message).toBeInViewport();

  // Of its rows there are those in sight and the one that has the focus, which says where it stands.
  const lines = outline.getByRole("listitem");
  const all = COUNT + 2;
  const place = (name: RegExp) => lines.filter({ has: page.getByRole("button", { name }) });
  expect(await lines.count()).toBeLessThan(all);
  await outline.evaluate((room) => (room.scrollTop = 0));
  await expect(outline.getByRole("button", { name: /^orders/ })).toBeInViewport();
  await expect(place(/^orders/)).toHaveAttribute("aria-posinset", "1");
  await expect(outline.getByRole("button", { name: /^step_40/ })).toHaveCount(0);
  await expect(message).toBeFocused();
  await expect(place(/^Tell the shop/)).toHaveAttribute("aria-posinset", `${all}`);
  await expect(place(/^Tell the shop/)).toHaveAttribute("aria-setsize", `${all}`);
  await keyboard.press("ArrowUp");
  const above = outline.getByRole("button", { name: new RegExp(`^step_${COUNT - 1}`) });
  await expect(above).toBeFocused();
  await expect(above).toBeInViewport();

  // A link leads to its card.
  await open(page, "/flows/long?node=step%3Astep_40");
  await expect(card(page, "step_40")).toBeInViewport({ ratio: 0.99 });
  await expect(outline.getByRole("button", { name: /^step_40/ })).toBeInViewport();
  await page.getByRole("button", { name: "Show the whole flow" }).click();
  await expect(card(page, "step_20")).toBeInViewport();
  await expect(card(page, "step_60")).toBeInViewport();
  await expect(card(page, "step_20")).toHaveText("");
  await card(page, "step_20").click();
  await expect(page.getByRole("complementary", { name: "step_20" })).toBeVisible();

  // The waits of its message, in another order by keys, and back by the menu.
  await open(page, "/flows/long?node=task%3ATell%20the%20shop");
  const form = page.getByRole("complementary", { name: "Tell the shop" });
  await form.getByText("Attempts", { exact: true }).click();
  const [first, second] = [
    form.getByRole("textbox", { name: "Before attempt 2" }),
    form.getByRole("textbox", { name: "Before attempt 3" }),
  ];
  await expect(first).toHaveValue("5 s");
  await first.focus();
  await keyboard.press("Alt+ArrowDown");
  await expect(first).toHaveValue("1 min");
  await expect(second).toHaveValue("5 s");
  await expect(second).toBeFocused();
  await form.getByRole("button", { name: "Actions for Before attempt 3" }).click();
  await page.getByRole("menuitem", { name: "Move up" }).click();
  await expect(first).toHaveValue("5 s");
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
});
