/** A tree that is much wider than the window is shown as a whole, and no wheel leads further away than that. */
import { expect, open, test } from "./support/workbench";

const LEAVES = 120;

const wideFlow = (count: number) => ({
  format: "hookloom.flow/1",
  name: "wide",
  endpoints: [{ name: "orders", auth: { kind: "none" } }],
  steps: [
    { name: "root", kind: "set", values: {} },
    ...Array.from({ length: count }, (_, at) => ({
      name: `leaf_${at}`,
      kind: "set",
      values: { at },
      after: [{ step: "root", on: ["success"] }],
    })),
  ],
});

for (const count of [LEAVES, 50]) {
  test(`the whole of a tree with ${count} leaves is shown`, async ({ page, workbench }) => {
    workbench.command(["flow", "import", workbench.file("wide.json", wideFlow(count))]);
    await page.goto(workbench.link);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await open(page, "/flows/wide");
    const room = page.getByRole("region", { name: "Drawing of the flow" });
    const card = (name: string) => page.getByRole("group", { name: new RegExp(`^${name},`) });
    await expect(card("orders")).toBeVisible();
    await page.getByRole("button", { name: "Show the whole flow" }).click();
    await expect(card("leaf_0")).toBeInViewport({ ratio: 0.99 });
    await expect(card(`leaf_${count - 1}`)).toBeInViewport({ ratio: 0.99 });
    await expect(room).not.toHaveAttribute("data-moving");
    const percent = () => room.getByText(/^\d+ %$/).textContent();
    const whole = await percent();
    expect(Number.parseInt(whole ?? "", 10)).toBeLessThan(10);

    // Shapes stand for the cards, and the wheel goes no further away, nor nearer when turned that way.
    await expect(card("leaf_0")).toHaveText("");
    const box = await room.boundingBox();
    if (!box) throw new Error("it is not drawn");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, 600);
    await expect(room).not.toHaveAttribute("data-moving");
    expect(await percent()).toBe(whole);
    await expect(card("leaf_0")).toBeInViewport({ ratio: 0.99 });
  });
}
