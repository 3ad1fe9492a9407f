/** Pictures of the real program for the documentation: `npm run shots` writes them to docs/screenshots. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { KEY, SIGNING } from "../e2e/support/flows";
import { expect, open, test, type Destination, type Workbench } from "../e2e/support/workbench";

const FOLDER = resolve(import.meta.dirname, "../../docs/screenshots");

/** Takes an order, ships it, tells the shop, and keeps a warehouse informed that answers late. */
function orderIntake(shop: string): object {
  const json = { "Content-Type": "application/json" };
  const task = { method: "POST", event: "job_finished", object: "any_job", headers: json };
  return {
    format: "hookloom.flow/1",
    name: "order_intake",
    title: "Order intake",
    endpoints: [
      {
        name: "orders",
        auth: { kind: "shared_key", secret: "orders_key" },
        header_memory: "requestHeaders",
        body_memory: "requestBody",
        limits: { body_bytes_max: 1048576, requests_per_minute_max: 600 },
      },
    ],
    schedules: [{ name: "nightly", cron: "0 2 * * *", time_zone: "Europe/Berlin" }],
    steps: [
      {
        name: "enrich",
        kind: "script",
        code: "const { customer, total } = memory.load('requestBody');\nlog('an order of', total);\nreturn { email: customer.email, total };",
      },
      {
        name: "is_large",
        kind: "condition",
        after: [{ step: "enrich" }],
        expression: "{{ steps.enrich.data.total > 100 }}",
      },
      {
        name: "ship",
        kind: "http",
        after: [{ step: "is_large", on: ["true"] }],
        method: "POST",
        url: "{{vars.shop_url}}/api/ship",
        headers: { ...json, Authorization: "Bearer {{secrets.shop_token}}" },
        body: '{\n  "email": {{steps.enrich.data.email}},\n  "note": "total {{steps.enrich.data.total}}"\n}',
      },
      {
        name: "summarise",
        kind: "set",
        after: [{ step: "is_large", on: ["false"] }],
        values: { note: "a small order" },
      },
    ],
    outputs: [{ name: "summary", step: "ship" }],
    webhook_tasks: [
      {
        ...task,
        name: "Tell the shop",
        url: "{{vars.shop_url}}/hooks",
        body: '{"text":"Job $jobId has completed. Status: $jobStatus."}',
        secret: "shop_signing",
      },
      {
        ...task,
        name: "Audit mirror",
        url: "{{vars.shop_url}}/audit",
        body: '{"job": "$jobId", "status": "$jobStatus"}',
        secret: "shop_signing",
        scheme: "standard-webhooks",
      },
    ],
    vars: { shop_url: shop },
  };
}

async function fill(workbench: Workbench, destination: Destination): Promise<void> {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  workbench.command(["secret", "set", "shop_token"], "shop-token-4711");
  const file = workbench.file("flow.json", orderIntake(destination.url("")));
  workbench.command(["flow", "import", file, "--publish"]);
  const small = {
    format: "hookloom.flow/1",
    name: "github_push",
    title: "GitHub to Slack",
    endpoints: [{ name: "push", auth: { kind: "signature", scheme: "github", secret: "gh_key" } }],
    steps: [{ name: "message", kind: "set", values: { text: "pushed" } }],
  };
  workbench.command(["secret", "set", "gh_key"], "github-key-4711");
  workbench.command(["flow", "import", workbench.file("small.json", small), "--publish"]);
  const send = ["endpoint", "send", "github_push", "push", "--body", "-", "--header"];
  workbench.command([...send, "Content-Type: application/json"], '{"ref": "refs/heads/main"}');
  const customer = { email: "ada@shop.example" };
  for (const total of [120, 40.5, 310, 18, 99, 150]) {
    await workbench.send("order_intake", KEY, { customer, total });
  }
  await workbench.send("order_intake", "an-old-key-123", { customer, total: 99 });
  destination.status = 503;
  await workbench.send("order_intake", KEY, { customer, total: 260 });
  destination.status = 200;
  await workbench.send("order_intake", KEY, { customer, total: 300 });
}

interface Shot {
  name: string;
  path: string;
  /** What is done on the page before the picture, until it shows what it is for. */
  before?: (page: Page) => Promise<void>;
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

const SHOTS: Shot[] = [
  { name: "home", path: "/" },
  {
    name: "editor",
    path: "/flows/order_intake?node=step%3Aship",
    before: (page) => expect(page.getByRole("complementary", { name: "ship" })).toBeVisible(),
  },
  {
    name: "try",
    path: "/flows/order_intake?node=step%3Aenrich",
    before: async (page) => {
      await button(page, "Try it").click();
      await button(page, "Try flow").click();
      const trial = page.getByRole("region", { name: /^Trial job/ });
      await expect(trial.getByRole("status").getByText("Complete")).toBeVisible();
    },
  },
  {
    name: "task",
    path: "/flows/order_intake?node=task%3ATell%20the%20shop",
    before: async (page) => {
      const preview = page.getByRole("region", { name: "The message that would be sent" });
      await expect(preview).toContainText("X-Webhook-Signature");
      await preview.scrollIntoViewIfNeeded();
    },
  },
  {
    name: "wizard",
    path: "/endpoints",
    before: async (page) => {
      await button(page, "New endpoint").click();
      await page.getByRole("dialog").getByRole("button", { name: "Go on" }).click();
      await expect(page.getByRole("dialog").getByText("Standard Webhooks")).toBeVisible();
    },
  },
  {
    name: "requests",
    path: "/requests",
    before: (page) => page.getByRole("row").filter({ hasText: "Rejected" }).click(),
  },
  { name: "job-steps", path: "/jobs/9?tab=steps" },
  { name: "job-webhooks", path: "/jobs/9?tab=webhooks" },
  { name: "compare", path: "/compare?kind=jobs&a=2&b=3" },
  { name: "settings", path: "/settings" },
];

async function picture(page: Page, { name, path, before }: Shot, look: string): Promise<void> {
  await open(page, path);
  await before?.(page);
  // Charts and the drawing find their sizes, and what was hovered lets go.
  await page.mouse.move(640, 795);
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: resolve(FOLDER, `${name}${look}.png`) });
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`pictures in ${colorScheme}`, async ({ page, workbench, destination }) => {
      test.slow();
      await fill(workbench, destination);
      await page.goto(workbench.link);
      await expect(page.getByRole("main").getByText("Order intake").first()).toBeVisible();
      for (const shot of SHOTS) {
        await picture(page, shot, colorScheme === "dark" ? "-dark" : "");
      }
    });
  });
}
