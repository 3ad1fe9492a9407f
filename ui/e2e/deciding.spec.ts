/** Conditions without writing any, rows in another order, pinned ends, a test made of a request, and views of deliveries. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { printCondition } from "../src/features/flows/forms/conditions/print";
import { readCondition } from "../src/features/flows/forms/conditions/read";
import { expect, open, test, type Workbench } from "./support/workbench";

const ORDER = { total: 150, country: "DE", tags: ["vip"] };

const SORTING = {
  format: "hookloom.flow/1",
  name: "sorting",
  endpoints: [{ name: "orders", auth: { kind: "none" }, body_memory: "requestBody" }],
  steps: [
    {
      name: "first",
      kind: "set",
      values: {
        total: "{{requestBody.total}}",
        country: "{{requestBody.country}}",
        tags: "{{requestBody.tags}}",
      },
    },
    { name: "is_big", kind: "condition", after: [{ step: "first" }], expression: "{{ true }}" },
    { name: "yes", kind: "set", values: {}, after: [{ step: "is_big", on: ["true"] }] },
    { name: "no", kind: "set", values: {}, after: [{ step: "is_big", on: ["false"] }] },
    {
      name: "way",
      kind: "switch",
      after: [{ step: "first" }],
      expression: "{{steps.first.data.country}}",
      cases: { home: "DE", near: "AT", far: "US" },
      default: "other",
    },
  ],
};

/** Each is read as rows and printed again; the program says whether it still means the same. */
const EXPRESSIONS = [
  "steps.first.data.total > 100 and not steps.first.data.country == 'US'",
  "not (steps.first.data.total < 5 or 'vip' in steps.first.data.tags)",
  "steps.first.data.country in ['DE', \"AT\"] or true and false",
  "not steps.first.data.country is startingwith('D') or requestBody.none is defined",
  "(steps.first.data.total + 1) * 2 == 302 and (steps.first.data.tags | length) >= 1",
  "(1 if steps.first.data.total > 100 else 2) == 1",
  "steps.first.data.total not in [1, 150.0] or (true == (1 < 2))",
  "not not (steps.first.data.country ~ '!' == \"DE\\u0021\")",
];

async function valueOf(workbench: Workbench, text: string): Promise<unknown> {
  const { control, token_file } = workbench.ready;
  const answer = await fetch(`${control}/api/v1/templates/preview`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${readFileSync(token_file, "utf8").trim()}`,
    },
    body: JSON.stringify({
      flow: "sorting",
      document: SORTING,
      place: "/steps/1",
      text,
      kind: "value",
      in_task: false,
    }),
  });
  const { result, error } = (await answer.json()) as { result: unknown; error: unknown };
  return error ?? result;
}

const row = (page: Page, name: string) =>
  page
    .getByRole("navigation", { name: "Outline" })
    .getByRole("button", { name: new RegExp(`^${name}`) });

test.beforeEach(async ({ page, workbench }) => {
  workbench.command(["flow", "import", workbench.file("sorting.json", SORTING), "--publish"]);
  expect((await workbench.send("sorting", "", ORDER)).status).toBe(200);
  await page.goto(workbench.link);
  await expect(page.getByRole("navigation", { name: "Rooms" })).toBeVisible();
});

test("a condition is put together in rows and tried with a pinned end; cases change their order by pulling and by keys", async ({
  page,
  workbench,
}) => {
  // The whole way in one go: longer than others on a machine with much else to do.
  test.slow();
  for (const written of EXPRESSIONS) {
    const read = readCondition(`{{ ${written} }}`);
    const printed = read && printCondition(read);
    expect(printed, written).not.toBeNull();
    const before = await valueOf(workbench, `{{ ${written} }}`);
    expect(before, written).toMatchObject({ type: "boolean" });
    expect(await valueOf(workbench, printed ?? ""), written).toEqual(before);
  }

  await open(page, "/flows/sorting?node=step%3Ais_big");
  const form = page.getByRole("complementary", { name: "is_big" });
  const left = form.getByLabel("Value of row 1");
  await expect(left).toHaveValue("true");
  await left.fill("first.tot");
  await page.getByRole("option", { name: /^steps\.first\.data\.total/ }).click();
  await form.getByLabel("What is said of row 1").selectOption({ label: "is more than" });
  await form.getByLabel("Type of what row 1 is compared with").selectOption({ label: "number" });
  await form.getByLabel("Row 1 is compared with", { exact: true }).fill("1OO");
  await expect(form.getByRole("alert")).toContainText("This is no number");
  await form.getByLabel("Row 1 is compared with", { exact: true }).fill("100");
  await expect(form.getByText("true or false")).toBeVisible();
  await form.getByRole("button", { name: "Add a group to Condition" }).click();
  const group = form.getByRole("group", { name: "Row 2", exact: true });
  await group.getByLabel("Value of row 1").fill("{{steps.first.data.tags}}");
  await group.getByLabel("What is said of row 1").selectOption({ label: "contains" });
  await group.getByLabel("Row 1 is compared with", { exact: true }).fill("vip");
  await group.getByLabel("Value of row 2").fill("steps.first.data.country");
  await group.getByLabel("What is said of row 2").selectOption({ label: "is one of" });
  await group.getByLabel("Row 2 is compared with", { exact: true }).fill("DE\nAT");
  await form.getByText("Text", { exact: true }).click();
  const written = form.getByRole("textbox", { name: "Condition" });
  await expect(written).toHaveText(
    '{{ steps.first.data.total > 100 and ("vip" in steps.first.data.tags or steps.first.data.country in ["DE", "AT"]) }}',
  );
  // What rows cannot say stays as it is written.
  await written.fill("{{ true if steps.first.data.total > 5 else false }}");
  await expect(form.getByText("Rows cannot say this expression")).toBeVisible();
  await expect(form.getByRole("radio", { name: "Rows" })).toBeDisabled();
  await expect(page.getByText(/^Draft saved/)).toBeVisible();

  // A pinned end decides the way, whatever the condition says.
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  const panel = page.getByRole("region", { name: "Try it" });
  await panel.getByLabel("Step to pin").selectOption("is_big");
  await panel.getByRole("button", { name: "Pin…" }).click();
  const pin = page.getByRole("dialog", { name: "Pin the result of is_big" });
  await expect(pin.getByRole("combobox", { name: "Exit code" })).toHaveValue("true");
  await pin.getByRole("combobox", { name: "Exit code" }).fill("false");
  await pin.getByRole("button", { name: "Pin it" }).click();
  await expect(panel.getByRole("group", { name: "Pinned results" })).toContainText("false");
  await panel.getByRole("button", { name: "Try flow" }).click();
  const trial = panel.getByRole("region", { name: "Trial job 2" });
  await expect(trial.getByRole("status").getByText("Complete")).toBeVisible();
  await expect(trial.getByRole("listitem").filter({ hasText: "yes" })).toContainText("Skipped");
  await expect(trial.getByRole("listitem").filter({ hasText: "no" })).toContainText("Complete");
  await panel.getByRole("button", { name: "Close this panel" }).click();

  await row(page, "way").click();
  const cases = page.getByRole("complementary", { name: "way" });
  const names = () =>
    cases
      .getByLabel(/^Exit code \d of Cases/)
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  await expect.poll(names).toEqual(["home", "near", "far"]);
  const [from, to] = [
    await cases.getByRole("button", { name: "Move far" }).boundingBox(),
    await cases.getByRole("button", { name: "Move home" }).boundingBox(),
  ];
  await page.mouse.move(from!.x + 8, from!.y + 14);
  await page.mouse.down();
  await page.mouse.move(to!.x + 8, to!.y + 4, { steps: 5 });
  await page.mouse.up();
  await expect.poll(names).toEqual(["far", "home", "near"]);
  await cases.getByLabel("Exit code 1 of Cases").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(names).toEqual(["home", "far", "near"]);
  await expect(cases.getByLabel("Exit code 2 of Cases")).toBeFocused();
  await expect(page.getByText("far is now row 2 of 3")).toBeAttached();
  await expect(page.getByText(/^Draft saved/)).toBeVisible();
  await page.reload();
  await expect.poll(names).toEqual(["home", "far", "near"]);
  // The same as conditions, each to change in rows.
  await cases.getByLabel("Chooses by").selectOption({ label: "the first condition that holds" });
  await expect(cases.getByLabel("Value of row 1").first()).toHaveValue("steps.first.data.country");
});

test("a stored request becomes the test of its endpoint and its flow; a filter of deliveries is found again", async ({
  page,
}) => {
  await open(page, "/requests");
  await page.getByRole("row").filter({ hasText: "orders" }).click();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Make a test of it" }).click();
  const send = page.getByRole("dialog", { name: "Send a test to orders" });
  await expect(send.getByLabel("Message")).toHaveValue("kept");
  await expect(send.getByLabel("Body")).toHaveValue(JSON.stringify(ORDER));
  await send.getByLabel("Body").fill('{"total": 7, "country": "AT", "tags": []}');
  await send.getByRole("button", { name: "Keep as test" }).click();
  await send.getByRole("button", { name: "Send test", exact: true }).click();
  await expect(send.getByText("The endpoint took it")).toBeVisible();
  await send.getByRole("button", { name: "Close", exact: true }).last().click();
  await open(page, "/flows/sorting");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  const panel = page.getByRole("region", { name: "Try it" });
  await expect(panel.getByText("POST to orders, kept as the test of this flow")).toBeVisible();
  await panel.getByRole("button", { name: "Try flow" }).click();
  const first = panel.getByRole("listitem").filter({ hasText: "first" });
  await first.getByText("first").click();
  await expect(first.getByRole("region", { name: "Data of first" })).toContainText('"total": 7');

  await open(page, "/deliveries?status=failed");
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: "Save this filter…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Gone wrong");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await open(page, "/deliveries");
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: "Gone wrong", exact: true }).click();
  await expect(page).toHaveURL(/status=failed/);

  // A name is one view's: in another list it is not taken away.
  await open(page, "/jobs?status=failed");
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: "Save this filter…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Gone wrong");
  await expect(page.getByText("A view of the deliveries has this name")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Save" })).toBeDisabled();
});
