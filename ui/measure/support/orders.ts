/** Jobs that do next to nothing: what they do is not what is measured. */
import { KEY, orderIntake, SIGNING } from "../../e2e/support/flows";
import type { Workbench } from "../../e2e/support/workbench";

export function start(workbench: Workbench, shop: string): void {
  workbench.command(["secret", "set", "orders_key"], KEY);
  workbench.command(["secret", "set", "shop_signing"], SIGNING);
  const flow = orderIntake(shop) as {
    endpoints: { limits: Record<string, number> }[];
    steps: unknown[];
    outputs: unknown[];
    webhook_tasks: unknown[];
  };
  for (const { limits } of flow.endpoints) delete limits.requests_per_minute_max;
  flow.steps = flow.steps.slice(0, 1);
  flow.outputs = [];
  flow.webhook_tasks = [];
  workbench.command(["flow", "import", workbench.file("flow.json", flow), "--publish"]);
}
