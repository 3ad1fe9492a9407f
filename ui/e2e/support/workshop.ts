/** A flow that has something of everything, for the tests of its panels. */

export const STEPS_KEY = "steps_key";

/** Endpoints of two kinds, a schedule, a script that logs, a wait, a remote step, and two webhook tasks. */
export function workshop(shop: string): object {
  return {
    format: "hookloom.flow/1",
    name: "workshop",
    title: "Workshop",
    remote_secret: STEPS_KEY,
    endpoints: [
      {
        name: "tickets",
        path: "/in/tickets/{id}",
        methods: ["POST", "PUT"],
        auth: { kind: "shared_key", secret: "tickets_key" },
        body_memory: "body",
        limits: { body_bytes_max: 65536, requests_per_minute_max: 120 },
        allowed_origins: ["https://shop.example"],
      },
      { name: "open", auth: { kind: "none" }, body_memory: "body" },
    ],
    schedules: [
      { name: "nightly", cron: "0 2 * * *", time_zone: "Europe/Berlin", missed: "run_once" },
    ],
    steps: [
      {
        name: "sort",
        kind: "script",
        code: 'log("looking at", 7);\nlog("second line");\nreturn { urgent: true };',
      },
      { name: "rest", kind: "delay", after: [{ step: "sort" }], for_ms: 3_600_000 },
      {
        name: "approve",
        kind: "remote",
        after: [{ step: "rest" }],
        url: `${shop}/approve`,
        data: { urgent: "{{steps.sort.data.urgent}}" },
      },
    ],
    outputs: [{ name: "sorted", step: "sort" }],
    webhook_tasks: [
      {
        name: "Tell the shop",
        url: `${shop}/hooks`,
        method: "POST",
        event: "job_finished",
        object: "any_job",
        headers: { "Content-Type": "application/json" },
        body: '{"urgent": {{steps.sort.data.urgent}}}',
        secret: "shop_signing",
      },
    ],
  };
}
