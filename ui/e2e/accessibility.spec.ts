/** axe finds nothing on any screen, empty and filled, in light and dark. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test } from "./support/workbench";
import { workshop } from "./support/workshop";

const ROOMS = [
  "/",
  "/flows",
  "/endpoints",
  "/requests",
  "/jobs",
  "/deliveries",
  "/secrets",
  "/variables",
  "/settings",
];
const FILLED = [
  ...ROOMS,
  "/flows/order_intake",
  "/jobs/1",
  "/jobs/1?tab=steps",
  "/jobs/1?tab=webhooks",
  "/jobs/1?tab=request",
  "/jobs/1?tab=journal",
  "/compare?kind=jobs&a=1&b=2",
];
/** What is opened by a command: its page, its button, and the words that show that it is there. */
const DIALOGS = [
  ["/flows", "Import", "Document (JSON)"],
  ["/flows/order_intake", "Run", "Starts a job"],
  ["/secrets", "Set a secret", "Several lines"],
  ["/variables", "Add a variable", "Letters, digits"],
  ["/settings", "Make a token", "It may"],
  ["/jobs", "Search or run a command", "Go to Jobs"],
  ["/", "Add an alert rule", "What is watched"],
  ["/requests", "Send a test", "Sign it as the sender would"],
  ["/jobs/1", "Compare…", "Or by its id"],
  ["/endpoints", "New endpoint", "What a request starts"],
] as const;

/** The panels of a flow's parts, and what their buttons open. */
const PANELS = [
  ["/flows/workshop?node=endpoint%3Atickets", "Make a URL with a token", "Who gets it"],
  ["/flows/workshop?node=endpoint%3Atickets", "Send test…", "recorded like any other"],
  ["/flows/workshop?node=step%3Aapprove", "Generate a key…", "shown once"],
  ["/flows/workshop?node=task%3ATell%20the%20shop", "Send test…", "recorded nowhere"],
  ["/settings", "Change the receiver's address", "port 0 takes a free one"],
] as const;
const WITHOUT_BUTTON = [
  "/flows/workshop?node=schedule%3Anightly",
  "/flows/workshop?node=step%3Asort",
  "/variables",
];

async function violations(page: Page): Promise<string[]> {
  // Without frames there is nothing to gather in a second page, which the other mode opens each time.
  await expect(page.locator("iframe")).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${found.help}: ${node.target.join(" ")}`),
  );
}

async function checkDialogs(page: Page, dialogs: readonly (readonly [string, string, string])[]) {
  for (const [path, button, words] of dialogs) {
    await open(page, path);
    await page
      .getByRole("button", { name: button, exact: path !== "/jobs" })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText(words).first()).toBeVisible();
    expect(await violations(page), `${button} on ${path}`).toEqual([]);
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("every room of an empty workspace is accessible", async ({ page, workbench }) => {
      await page.goto(workbench.link);
      await expect(page.getByText("Begin with a flow that works")).toBeVisible();
      for (const path of ROOMS) {
        await open(page, path);
        expect(await violations(page), path).toEqual([]);
      }
    });

    test("every room of a used workspace is accessible", async ({
      page,
      workbench,
      destination,
    }) => {
      test.slow();
      workbench.command(["secret", "set", "orders_key"], KEY);
      workbench.command(["secret", "set", "shop_signing"], SIGNING);
      const file = workbench.file("flow.json", orderIntake(destination.url("")));
      workbench.command(["flow", "import", file, "--publish"]);
      await workbench.send("order_intake", KEY, {
        customer: { email: "ada@shop.example" },
        total: 150,
      });
      await workbench.send("order_intake", KEY, {
        customer: { email: "b@shop.example" },
        total: 2,
      });
      await workbench.send("order_intake", "wrong-key", { total: 1 });
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
      for (const path of FILLED) {
        await open(page, path);
        expect(await violations(page), path).toEqual([]);
      }
      await checkDialogs(page, DIALOGS);
    });

    test("the panels of a flow are accessible", async ({ page, workbench, destination }) => {
      test.slow();
      const file = workbench.file("workshop.json", workshop(destination.url("")));
      workbench.command(["flow", "import", file, "--publish"]);
      workbench.command(["endpoint", "token", "create", "workshop", "tickets", "ci runner"]);
      workbench.command(["variable", "set", "shop_url", "https://s.example", "--set", "staging"]);
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Workshop").first()).toBeVisible();
      for (const path of WITHOUT_BUTTON) {
        await open(page, path);
        expect(await violations(page), path).toEqual([]);
      }
      await checkDialogs(page, PANELS);
      await open(page, "/settings");
      await page.getByRole("button", { name: "Look for what is wrong", exact: true }).click();
      await expect(page.getByRole("list", { name: "What was found" })).toBeVisible();
      expect(await violations(page), "what was found").toEqual([]);
    });

    test("the editor and what it opens is accessible", async ({ page, workbench, destination }) => {
      const file = workbench.file("workshop.json", workshop(destination.url("")));
      workbench.command(["flow", "import", file, "--publish"]);
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Workshop").first()).toBeVisible();
      await open(page, "/flows/workshop?node=step%3Arest");
      const row = page
        .getByRole("navigation", { name: "Outline" })
        .getByRole("button", { name: "sort" })
        .first();
      await expect(page.getByRole("complementary", { name: "rest" })).toBeVisible();
      expect(await violations(page), "outline, drawing and form").toEqual([]);

      await row.click({ button: "right" });
      await expect(page.getByRole("menu")).toBeVisible();
      expect(await violations(page), "the context menu").toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("menu")).toHaveCount(0);

      await page.getByRole("button", { name: "Try it", exact: true }).click();
      await expect(page.getByRole("region", { name: "Try it" })).toBeVisible();
      expect(await violations(page), "the try panel").toEqual([]);

      await page.getByRole("button", { name: "Versions" }).click();
      await page.getByRole("menuitem", { name: "Compare…" }).click();
      await expect(page.getByRole("dialog", { name: /^Compare/ })).toBeVisible();
      expect(await violations(page), "the comparison").toEqual([]);
    });
  });
}

test("high contrast is accessible, and is kept", async ({ page, workbench }) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  await page.getByText("High", { exact: true }).click();
  for (const path of ["/settings", "/requests"]) {
    await open(page, path);
    await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
    expect(await violations(page), path).toEqual([]);
  }
});
