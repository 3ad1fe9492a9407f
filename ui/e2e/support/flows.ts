/** Flow documents that the tests import. */

export const KEY = "e2e-shared-key";
export const SIGNING = "e2e-signing-secret";

/** Takes an order, ships it, and tells the shop. */
export function orderIntake(shop: string): object {
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
    steps: [
      {
        name: "enrich",
        kind: "set",
        values: { email: "{{requestBody.customer.email}}", total: "{{requestBody.total}}" },
      },
      {
        name: "ship",
        kind: "http",
        after: [{ step: "enrich", on: ["success"] }],
        method: "POST",
        url: `${shop}/api/ship`,
        headers: { "Content-Type": "application/json" },
        body: '{"email": {{steps.enrich.data.email}}, "note": "total {{steps.enrich.data.total}}"}',
      },
    ],
    outputs: [{ name: "summary", step: "ship" }],
    webhook_tasks: [
      {
        name: "Tell the shop",
        url: `${shop}/hooks`,
        method: "POST",
        event: "job_finished",
        object: "any_job",
        headers: { "Content-Type": "application/json" },
        body: '{"text":"Job $jobId has completed. Status: $jobStatus."}',
        secret: "shop_signing",
        validate_ssl: true,
        retry_on_failure: true,
      },
    ],
  };
}
