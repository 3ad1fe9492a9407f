/**
 * Who calls: what an endpoint for them looks like, and a message of theirs to try it with. A provider is one row here
 * and its words in `ways.json`. The sample messages are made up: nobody's ids, names or addresses.
 */
import type { Fields } from "@/features/flows/document";

export interface Sample {
  headers: { name: string; value: string }[];
  body: unknown;
}

export interface Provider {
  name: ProviderName;
  /** A name of their own, the same in every language; else a word of ours stands there. */
  title?: string;
  /** The endpoint's `auth`, with the name of its secret. */
  auth: (secret: string) => Fields;
  /** What the names of a new endpoint and its secret begin with. */
  stem: string;
  /** The secret comes from the provider, is ours to choose, or there is none. */
  secret: "theirs" | "ours" | "none";
  /** A template; without it the headers that are known anyway are looked at. */
  idempotencyKey?: string;
  /** Asks the endpoint something before it sends; answered by itself. */
  handshake?: "slack";
  sample: Sample;
}

export type ProviderName = "github" | "stripe" | "slack" | "shopify" | "standard" | "key" | "none";

/** Where a sample has an id that must not come twice: a message with a known one is a repeat, and begins no job. */
export const NEW_ID = "{new_id}";

const json = { name: "Content-Type", value: "application/json" };
const signed = (scheme: string) => (secret: string) => ({ kind: "signature", scheme, secret });

export const PROVIDERS: readonly Provider[] = [
  {
    name: "github",
    title: "GitHub",
    stem: "github",
    auth: signed("github"),
    secret: "ours",
    sample: {
      headers: [
        json,
        { name: "User-Agent", value: "GitHub-Hookshot/sample" },
        { name: "X-GitHub-Event", value: "push" },
        { name: "X-GitHub-Delivery", value: NEW_ID },
      ],
      body: {
        ref: "refs/heads/main",
        before: "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567",
        after: "89abcdef0123456789abcdef0123456789abcdef",
        repository: {
          id: 4711,
          name: "lighthouse",
          full_name: "harbour/lighthouse",
          private: false,
        },
        pusher: { name: "ada", email: "ada@harbour.example" },
        commits: [
          {
            id: "89abcdef0123456789abcdef0123456789abcdef",
            message: "Light the lamp before dusk",
            timestamp: "2026-03-04T17:20:00+01:00",
            author: { name: "Ada", email: "ada@harbour.example", username: "ada" },
            added: ["lamp.txt"],
            removed: [],
            modified: ["README.md"],
          },
        ],
      },
    },
  },
  {
    name: "stripe",
    title: "Stripe",
    stem: "stripe",
    auth: signed("stripe"),
    secret: "theirs",
    idempotencyKey: "{{trigger.body.id}}",
    sample: {
      headers: [json, { name: "User-Agent", value: "Stripe/1.0 (sample)" }],
      body: {
        id: `evt_${NEW_ID}`,
        object: "event",
        type: "checkout.session.completed",
        created: 1772641200,
        livemode: false,
        data: {
          object: {
            id: "cs_test_sample_0001",
            object: "checkout.session",
            amount_total: 4200,
            currency: "eur",
            customer_details: { email: "grace@shop.example", name: "Grace" },
            payment_status: "paid",
          },
        },
      },
    },
  },
  {
    name: "slack",
    title: "Slack",
    stem: "slack",
    auth: signed("slack"),
    secret: "theirs",
    handshake: "slack",
    idempotencyKey: '{{trigger.body.event_id | default("")}}',
    sample: {
      headers: [json],
      body: {
        type: "event_callback",
        team_id: "T0SAMPLE",
        api_app_id: "A0SAMPLE",
        event_id: `Ev${NEW_ID}`,
        event_time: 1772641200,
        event: {
          type: "app_mention",
          user: "U0SAMPLE",
          channel: "C0SAMPLE",
          text: "<@U0HOOK> how many orders today?",
          ts: "1772641200.000100",
        },
      },
    },
  },
  {
    name: "shopify",
    title: "Shopify",
    stem: "shopify",
    auth: signed("shopify"),
    secret: "theirs",
    idempotencyKey: '{{trigger.headers["x-shopify-webhook-id"] | default("")}}',
    sample: {
      headers: [
        json,
        { name: "X-Shopify-Topic", value: "orders/create" },
        { name: "X-Shopify-Shop-Domain", value: "candles.example" },
        { name: "X-Shopify-Webhook-Id", value: NEW_ID },
      ],
      body: {
        id: 820001,
        name: "#1001",
        email: "grace@shop.example",
        currency: "EUR",
        total_price: "42.00",
        created_at: "2026-03-04T17:20:00+01:00",
        line_items: [
          { id: 1, title: "Beeswax candle", sku: "CANDLE-1", quantity: 3, price: "14.00" },
        ],
        customer: { id: 7, first_name: "Grace", email: "grace@shop.example" },
      },
    },
  },
  {
    name: "standard",
    title: "Standard Webhooks",
    stem: "events",
    auth: signed("standard-webhooks"),
    secret: "theirs",
    sample: {
      headers: [json],
      body: {
        type: "invoice.paid",
        timestamp: "2026-03-04T16:20:00Z",
        data: { id: "inv_1001", total: 42, currency: "EUR", customer: "cus_7" },
      },
    },
  },
  {
    name: "key",
    stem: "orders",
    auth: (secret) => ({ kind: "shared_key", secret }),
    secret: "ours",
    sample: {
      headers: [json],
      body: { order: 1001, customer: { email: "grace@shop.example" }, total: 42 },
    },
  },
  {
    name: "none",
    stem: "open",
    auth: () => ({ kind: "none" }),
    secret: "none",
    sample: { headers: [json], body: { hello: "world" } },
  },
];

/** The steps' names for what came in, unless somebody chooses others. */
const MEMORY = { header_memory: "requestHeaders", body_memory: "requestBody" };

/** The fields of a new endpoint. Names that another endpoint uses in its memory are no clash: a job has one trigger. */
export function endpointFields(provider: Provider, name: string, secret: string): Fields {
  return {
    name,
    auth: provider.auth(secret),
    ...MEMORY,
    ...(provider.idempotencyKey ? { idempotency_key: provider.idempotencyKey } : {}),
  };
}

/** Whose message tries an endpoint: by its signature's scheme, else that of a plain key. */
export function providerOf(auth: Fields): Provider {
  const scheme = auth.kind === "signature" ? auth.scheme : undefined;
  const known: Record<string, ProviderName> = {
    github: "github",
    stripe: "stripe",
    slack: "slack",
    shopify: "shopify",
    "standard-webhooks": "standard",
  };
  const name = (typeof scheme === "string" && known[scheme]) || "key";
  return providerNamed(name);
}

export function providerNamed(name: ProviderName): Provider {
  const found = PROVIDERS.find((provider) => provider.name === name);
  if (!found) throw new Error(`there is no provider ${name}`);
  return found;
}

export const prettyBody = (body: unknown): string => JSON.stringify(body, null, 2);

/** A text whose ids are new. */
export const withId = (text: string, id: string): string => text.replaceAll(NEW_ID, id);

/** A key of 128 bits and more, in letters that need no escaping anywhere. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
