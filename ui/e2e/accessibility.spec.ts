/** axe finds nothing on any screen, empty and filled, in light, in dark, and in both with high contrast. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { tooFaint, type AxeResults } from "./support/contrast";
import { KEY, SIGNING, orderIntake } from "./support/flows";
import { expect, open, test, type Destination, type Workbench } from "./support/workbench";
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
const ONE_OF_THEM = [
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

async function look(page: Page): Promise<AxeResults> {
  // Without frames there is nothing to gather in a second page, which the other mode opens each time.
  await expect(page.locator("iframe")).toHaveCount(0);
  return new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
}

const wordsOf = ({ violations }: AxeResults): string[] =>
  violations.flatMap((found) =>
    found.nodes.map((node) => `${found.id}: ${found.help}: ${node.target.join(" ")}`),
  );

/** All rules in light, and what differs between the looks, the colours, in each of them. */
async function isAccessible(page: Page, what: string): Promise<void> {
  const results = await look(page);
  expect(wordsOf(results), what).toEqual([]);
  expect(await tooFaint(page, results), what).toEqual([]);
}

// A colour on its way from one look to the next is none of either.
test.use({ colorScheme: "light", contextOptions: { reducedMotion: "reduce" } });
// Each looks at many pages, and axe takes its time on a busy machine.
test.beforeEach(() => test.slow());

async function checkPages(page: Page, paths: readonly string[]) {
  for (const path of paths) {
    await open(page, path);
    await isAccessible(page, path);
  }
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
    await isAccessible(page, `${button} on ${path}`);
  }
}

async function use(page: Page, workbench: Workbench, destination: Destination): Promise<void> {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  for (const [email, total] of [
    ["ada@shop.example", 150],
    ["b@shop.example", 2],
  ] as const) {
    await workbench.send("order_intake", KEY, { customer: { email }, total });
  }
  await workbench.send("order_intake", "wrong-key", { total: 1 });
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
}

async function furnish(page: Page, workbench: Workbench, destination: Destination): Promise<void> {
  const file = workbench.file("workshop.json", workshop(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  workbench.command(["endpoint", "token", "create", "workshop", "tickets", "ci runner"]);
  workbench.command(["variable", "set", "shop_url", "https://s.example", "--set", "staging"]);
  await page.goto(workbench.link);
  await expect(page.getByRole("main").getByText("Workshop").first()).toBeVisible();
}

test("every room of an empty workspace is accessible", async ({ page, workbench }) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await checkPages(page, ROOMS);
});

test("every room of a used workspace is accessible", async ({ page, workbench, destination }) => {
  await use(page, workbench, destination);
  await checkPages(page, ROOMS);
});

test("a flow, a job and a comparison are accessible", async ({ page, workbench, destination }) => {
  await use(page, workbench, destination);
  await checkPages(page, ONE_OF_THEM);
});

for (const [part, dialogs] of [
  ["first", DIALOGS.slice(0, 5)],
  ["other", DIALOGS.slice(5)],
] as const) {
  test(`the ${part} dialogs are accessible`, async ({ page, workbench, destination }) => {
    await use(page, workbench, destination);
    await checkDialogs(page, dialogs);
  });
}

test("the panels of a flow are accessible", async ({ page, workbench, destination }) => {
  await furnish(page, workbench, destination);
  await checkPages(page, WITHOUT_BUTTON);
  await open(page, "/settings");
  await page.getByRole("button", { name: "Look for what is wrong", exact: true }).click();
  await expect(page.getByRole("list", { name: "What was found" })).toBeVisible();
  await isAccessible(page, "what was found");
});

test("what the panels of a flow open is accessible", async ({ page, workbench, destination }) => {
  await furnish(page, workbench, destination);
  await checkDialogs(page, PANELS);
});

test("the editor's menu, chooser, try panel and comparison are accessible", async ({
  page,
  workbench,
  destination,
}) => {
  await furnish(page, workbench, destination);
  await open(page, "/flows/workshop?node=step%3Arest");
  const row = page
    .getByRole("navigation", { name: "Outline" })
    .getByRole("button", { name: /^sort script/ });
  await expect(page.getByRole("complementary", { name: "rest" })).toBeVisible();
  await isAccessible(page, "the editor");

  await row.click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await isAccessible(page, "the context menu");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);

  await page.getByRole("button", { name: "Add a step" }).click();
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await isAccessible(page, "the chooser of steps");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.getByRole("region", { name: "Try it" })).toBeVisible();
  await isAccessible(page, "the try panel");
  await row.click();
  await row.press("Delete");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Versions" }).click();
  await page.getByRole("menuitem", { name: "Compare…" }).click();
  const compare = page.getByRole("dialog", { name: /^Compare/ });
  await expect(compare.getByRole("listitem").filter({ hasText: "sort" }).first()).toBeVisible();
  await isAccessible(page, "the comparison of versions");
});

test("a choice of high contrast is kept, and text that cannot be read is found in every look", async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.link);
  await expect(page.getByText("Begin with a flow that works")).toBeVisible();
  await open(page, "/settings");
  await page.getByText("High", { exact: true }).click();
  await open(page, "/requests");
  await expect(page.locator("html")).toHaveAttribute("data-contrast", "high");
  expect(wordsOf(await look(page))).toEqual([]);
  await page.evaluate(() => delete document.documentElement.dataset.contrast);
  const results = await look(page);
  await page.getByRole("heading", { level: 1 }).evaluate((heading) => {
    // As it is in light, and hardly to be seen in dark.
    heading.style.color = "light-dark(#17202c, #202830)";
  });
  const faint = await tooFaint(page, results);
  expect(faint.map((each) => each.split(":")[0])).toEqual(["dark normal", "dark high"]);
});
