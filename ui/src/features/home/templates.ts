/**
 * The flows that a new workspace can begin with. They work with the network off: what would go to somebody else's server
 * goes to a stand-in among our own endpoints until a variable says otherwise.
 */
import {
  IconBrandGithub,
  IconGitBranch,
  IconPackage,
  IconRoute2,
  IconServer2,
  type Icon,
} from "@tabler/icons-react";
import type { NameAndValue } from "@/api";

export const TEMPLATES = ["github", "order", "another", "gateway", "express"] as const;
export type TemplateName = (typeof TEMPLATES)[number];

interface Template {
  Icon: Icon;
  flow: string;
  endpoint: string;
  /** Its documents, the ones that others need first. */
  documents: () => Promise<unknown[]>;
  /** What a test says. */
  sample: { headers: NameAndValue[]; body: unknown };
}

const JSON_TYPE: NameAndValue = { name: "Content-Type", value: "application/json" };

export const TEMPLATE: Record<TemplateName, Template> = {
  github: {
    Icon: IconBrandGithub,
    flow: "github_to_slack",
    endpoint: "github_push",
    documents: () =>
      all(import("./templates/stand-in.json"), import("./templates/github-to-slack.json")),
    sample: {
      headers: [JSON_TYPE, { name: "X-GitHub-Event", value: "push" }],
      body: {
        ref: "refs/heads/main",
        repository: { full_name: "shop/storefront" },
        pusher: { name: "ada" },
        head_commit: {
          id: "9fceb02d0ae598e95dc970b74767f19372d61af8",
          message: "Show the price with tax",
        },
      },
    },
  },
  order: {
    Icon: IconPackage,
    flow: "order_intake",
    endpoint: "orders",
    documents: () =>
      all(import("./templates/stand-in.json"), import("./templates/order-intake.json")),
    sample: {
      headers: [JSON_TYPE],
      body: {
        customer: { email: "ada@shop.example" },
        total: 150,
        items: [{ sku: "lamp", count: 2 }],
      },
    },
  },
  another: {
    Icon: IconRoute2,
    flow: "import_then_report",
    endpoint: "import_done",
    documents: () =>
      all(import("./templates/report.json"), import("./templates/run-another-job.json")),
    sample: { headers: [JSON_TYPE], body: { source: "warehouse", rows: 1204 } },
  },
  gateway: {
    Icon: IconGitBranch,
    flow: "price_gateway",
    endpoint: "prices",
    documents: () => all(import("./templates/gateway.json")),
    sample: { headers: [JSON_TYPE], body: { sku: "lamp", quantity: 3 } },
  },
  express: {
    Icon: IconServer2,
    flow: "remote_approval",
    endpoint: "approvals",
    documents: () =>
      all(import("./templates/express-stand-in.json"), import("./templates/express-remote.json")),
    sample: { headers: [JSON_TYPE], body: { id: "A-1204", total: 150 } },
  },
};

async function all(...modules: Promise<{ default: unknown }>[]): Promise<unknown[]> {
  return (await Promise.all(modules)).map((module) => module.default);
}

/** Where the receiver listens by default: the templates name this, and get the real one. */
const WRITTEN_RECEIVER = "http://127.0.0.1:4747";

export function withReceiver(document: unknown, receiver: string): string {
  const own = receiver.replace(/\/$/, "");
  return JSON.stringify(document, null, 2).replaceAll(WRITTEN_RECEIVER, own);
}

/** The names of the secrets that a document speaks of, in its order. */
export function secretsOf(document: unknown): string[] {
  const names = new Set<string>();
  walk(document, names);
  return [...names];
}

const KEYS_OF_SECRETS = ["secret", "remote_secret"];

function walk(value: unknown, names: Set<string>): void {
  if (typeof value === "string") {
    for (const [, name] of value.matchAll(/\{\{\s*secrets\.(\w+)/g)) if (name) names.add(name);
  } else if (Array.isArray(value)) {
    value.forEach((each) => walk(each, names));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inside] of Object.entries(value)) {
      if (KEYS_OF_SECRETS.includes(key) && typeof inside === "string") names.add(inside);
      else walk(inside, names);
    }
  }
}
