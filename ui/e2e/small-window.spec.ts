/** The workbench fits into 900 by 600, also with longer words, and the keyboard alone is enough. */
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test, type Destination, type Workbench } from "./support/workbench";
import { workshop } from "./support/workshop";

test.use({ viewport: { width: 900, height: 600 } });

const PAGES = [
  "/flows",
  "/flows/order_intake",
  "/requests",
  "/jobs",
  "/jobs/1",
  "/jobs/1?tab=steps",
  "/jobs/1?tab=webhooks",
  "/jobs/1?tab=request",
  "/jobs/1?tab=journal",
  "/deliveries",
  "/secrets",
  "/variables",
  "/settings",
  "/flows/workshop?node=endpoint%3Atickets",
  "/flows/workshop?node=schedule%3Anightly",
  "/flows/workshop?node=step%3Aapprove",
  "/flows/workshop?node=task%3ATell%20the%20shop",
];

async function oneJob(workbench: Workbench, destination: Destination): Promise<void> {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  const more = workbench.file("workshop.json", workshop(destination.url("")));
  workbench.command(["flow", "import", more, "--publish"]);
  const customer = { email: "ada@shop.example" };
  await workbench.send("order_intake", KEY, { customer, total: 150 });
}

/** What a reader cannot reach: it is cut off by a box that neither scrolls nor says so by an ellipsis. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clips = (box: Element) => {
      const { overflowX, textOverflow, position } = getComputedStyle(box);
      const isHidden = overflowX === "hidden" || overflowX === "clip";
      // One pixel is the box of a text that is only read aloud.
      return isHidden && textOverflow !== "ellipsis" && position !== "absolute";
    };
    return [...document.querySelectorAll("#root *")]
      .filter((box) => clips(box) && !box.closest(".react-flow, [aria-hidden=true]"))
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => `${box.tagName} ${String(box.className)}: ${box.textContent?.slice(0, 60)}`);
  });
}

for (const language of ["en", "pseudo"]) {
  test(`no page cuts anything off sideways in ${language}`, async ({
    page,
    workbench,
    destination,
  }) => {
    test.slow();
    await oneJob(workbench, destination);
    await page.goto(workbench.link);
    await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
    await page.evaluate((name) => localStorage.setItem("hookloom.language", name), language);
    for (const path of PAGES) {
      await open(page, path);
      await expect(page.locator("main [role=status]").getByText(/^Löädíñg/)).toHaveCount(0);
      // The form of a part comes a moment after its panel.
      if (path.includes("?node="))
        await expect(page.getByRole("complementary").getByRole("textbox").nth(1)).toBeVisible();
      expect(await cutOff(page), `${path} in ${language}`).toEqual([]);
    }
  });
}

test("a job is found and opened with keys alone", async ({ page, workbench, destination }) => {
  await oneJob(workbench, destination);
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
  await page.keyboard.type("Go to Jobs");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
  await page.getByRole("grid").or(page.getByRole("table")).first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Job 1" })).toBeVisible();
});

test("every room has its key, and what is typed in a dialog is not lost by a slip", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  for (const [key, room] of [
    ["Alt+4", "Requests"],
    ["Alt+6", "Deliveries"],
    ["Alt+8", "Variables"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("heading", { level: 1, name: room })).toBeVisible();
  }
  await page.getByRole("button", { name: "Add a variable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("shop_url");
  await page.keyboard.press("Escape");
  await expect(dialog.getByText("Discard what you typed?")).toBeVisible();
  await dialog.getByRole("button", { name: "Keep editing" }).click();
  await expect(dialog.getByLabel("Name")).toHaveValue("shop_url");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Discard" }).click();
  await expect(dialog).toHaveCount(0);
});
