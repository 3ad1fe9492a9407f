/** The outline of a flow that forks often leaves room for names, and is as wide as somebody made it. */
import { expect, open, test } from "./support/workbench";

const LEVELS = 12;
const nameOf = (level: number) => `check_customer_address_${level}`;

/** Each decision stands below the one before it. */
const deepFlow = {
  format: "hookloom.flow/1",
  name: "deep",
  endpoints: [{ name: "orders", auth: { kind: "none" } }],
  steps: Array.from({ length: LEVELS }, (_, level) => [
    {
      name: nameOf(level),
      kind: "condition",
      expression: "{{ 1 < 2 }}",
      ...(level === 0 ? {} : { after: [{ step: nameOf(level - 1), on: ["true"] }] }),
    },
    {
      name: `no_${level}`,
      kind: "set",
      values: {},
      after: [{ step: nameOf(level), on: ["false"] }],
    },
  ]).flat(),
};

test("names of deep rows can be read, told in full, and given more room", async ({
  page,
  workbench,
}) => {
  workbench.command(["flow", "import", workbench.file("deep.json", deepFlow)]);
  await page.goto(workbench.link);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await open(page, "/flows/deep");
  const outline = page.getByRole("navigation", { name: "Outline" });
  const row = (level: number) =>
    outline.getByRole("button", { name: new RegExp(`^${nameOf(level)} `) });
  // The end of the name, in which it differs from others, is always there.
  const nameWidth = (level: number) =>
    row(level)
      .getByText(nameOf(level).slice(-6), { exact: true })
      .evaluate((end) => end.parentElement?.clientWidth ?? 0);
  const deepest = LEVELS - 1;
  await expect(row(deepest)).toBeVisible();
  expect(await nameWidth(deepest)).toBeGreaterThan(80);
  // A level deeper is further right, as long as that can be seen.
  const left = (level: number) =>
    row(level).evaluate((button) => parseFloat(getComputedStyle(button).paddingLeft));
  expect(await left(1)).toBeGreaterThan((await left(0)) + 8);
  expect(await left(4)).toBeGreaterThan(await left(3));

  // What is cut is told to whom comes there by keys.
  await row(deepest - 1).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(row(deepest)).toBeFocused();
  await expect(page.getByText(`${nameOf(deepest)} · true`, { exact: true })).toBeVisible();

  const divider = page.getByRole("separator", { name: "Width of the outline" });
  const before = await nameWidth(deepest);
  await divider.focus();
  for (let pressed = 0; pressed < 8; pressed++) await page.keyboard.press("ArrowRight");
  await expect.poll(() => nameWidth(deepest)).toBeGreaterThan(before + 60);
  const wide = await divider.getAttribute("aria-valuenow");
  await page.reload();
  await expect(row(deepest)).toBeVisible();
  await expect(divider).toHaveAttribute("aria-valuenow", wide ?? "");
  await divider.dblclick();
  await expect.poll(() => nameWidth(deepest)).toBe(before);
});
