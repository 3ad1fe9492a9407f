/**
 * How each named signature scheme signs, as a recipe that a snippet can be written from. What is checked stands in the
 * crate `signature`; the snippets made from these rows are run against the real receiver in the tests.
 */
export interface Recipe {
  header: string;
  /** What stands in the header: `{signature}`, and other words. */
  value: string;
  /** What is signed: `{body}`, `{method}`, `{url}`, `{path}`, `{id}` and a time. */
  signed: string;
  hash: "sha1" | "sha256" | "sha384" | "sha512";
  encoding: "hex" | "base64" | "base64url";
  /** How the secret is written; `whsec` is base64 after a prefix. */
  key: "text" | "base64" | "hex" | "whsec";
  timestampHeader?: string | undefined;
  idHeader?: string | undefined;
}

/** The secret itself is the header's value. */
export interface TokenHeader {
  token: string;
}

/** Keys or fields that take more than an HMAC: the program signs. */
export type Way = Recipe | TokenHeader | "program";

const plain = (header: string, more: Partial<Recipe> = {}): Recipe => ({
  header,
  value: "{signature}",
  signed: "{body}",
  hash: "sha256",
  encoding: "hex",
  key: "text",
  ...more,
});
const marked = (header: string) => plain(header, { value: "sha256={signature}" });
const base64 = (header: string, more: Partial<Recipe> = {}) =>
  plain(header, { encoding: "base64", ...more });
const timed = (header: string) =>
  plain(header, { value: "t={timestamp},v1={signature}", signed: "{timestamp}.{body}" });
const versioned = (header: string, timestampHeader: string) =>
  plain(header, { value: "v0={signature}", signed: "v0:{timestamp}:{body}", timestampHeader });

interface Scheme {
  name: string;
  title: string;
  way: Way;
}

/** In the order in which they are offered: ours, the standard, then by name. */
export const SCHEMES: readonly Scheme[] = [
  {
    name: "x-webhook-signature",
    title: "X-Webhook-Signature",
    way: plain("X-Webhook-Signature", {
      value: "t={timestamp_ms},sha256={signature}",
      signed: "{timestamp_ms}.{body}",
    }),
  },
  {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    way: base64("webhook-signature", {
      value: "v1,{signature}",
      signed: "{id}.{timestamp}.{body}",
      key: "whsec",
      timestampHeader: "webhook-timestamp",
      idHeader: "webhook-id",
    }),
  },
  { name: "adyen", title: "Adyen", way: base64("HmacSignature", { key: "hex" }) },
  { name: "bitbucket", title: "Bitbucket", way: marked("X-Hub-Signature") },
  { name: "calendly", title: "Calendly", way: timed("Calendly-Webhook-Signature") },
  { name: "discord", title: "Discord", way: "program" },
  { name: "dropbox", title: "Dropbox", way: plain("X-Dropbox-Signature") },
  { name: "forgejo", title: "Forgejo", way: plain("X-Forgejo-Signature") },
  { name: "gitea", title: "Gitea", way: plain("X-Gitea-Signature") },
  { name: "github", title: "GitHub", way: marked("X-Hub-Signature-256") },
  { name: "gitlab", title: "GitLab", way: { token: "X-Gitlab-Token" } },
  {
    name: "http-message-signatures",
    title: "HTTP Message Signatures (RFC 9421)",
    way: "program",
  },
  {
    name: "hubspot-v3",
    title: "HubSpot v3",
    way: base64("X-HubSpot-Signature-V3", {
      signed: "{method}{url}{body}{timestamp_ms}",
      timestampHeader: "X-HubSpot-Request-Timestamp",
    }),
  },
  {
    name: "klaviyo",
    title: "Klaviyo",
    way: plain("Klaviyo-Signature", {
      signed: "{body}{timestamp}",
      timestampHeader: "Klaviyo-Timestamp",
    }),
  },
  { name: "launchdarkly", title: "LaunchDarkly", way: plain("X-LD-Signature") },
  { name: "lemonsqueezy", title: "Lemon Squeezy", way: plain("X-Signature") },
  { name: "linear", title: "Linear", way: plain("Linear-Signature") },
  { name: "mux", title: "Mux", way: timed("Mux-Signature") },
  { name: "notion", title: "Notion", way: marked("X-Notion-Signature") },
  {
    name: "paddle",
    title: "Paddle",
    way: plain("Paddle-Signature", {
      value: "ts={timestamp};h1={signature}",
      signed: "{timestamp}:{body}",
    }),
  },
  {
    name: "pagerduty",
    title: "PagerDuty",
    way: plain("X-PagerDuty-Signature", { value: "v1={signature}" }),
  },
  { name: "paystack", title: "Paystack", way: plain("x-paystack-signature", { hash: "sha512" }) },
  { name: "razorpay", title: "Razorpay", way: plain("X-Razorpay-Signature") },
  { name: "sendgrid", title: "SendGrid", way: "program" },
  { name: "sentry", title: "Sentry", way: plain("Sentry-Hook-Signature") },
  { name: "shopify", title: "Shopify", way: base64("X-Shopify-Hmac-Sha256") },
  {
    name: "slack",
    title: "Slack",
    way: versioned("X-Slack-Signature", "X-Slack-Request-Timestamp"),
  },
  {
    name: "square",
    title: "Square",
    way: base64("x-square-hmacsha256-signature", { signed: "{url}{body}" }),
  },
  { name: "stripe", title: "Stripe", way: timed("Stripe-Signature") },
  { name: "twilio", title: "Twilio", way: "program" },
  {
    name: "twitch",
    title: "Twitch",
    way: plain("Twitch-Eventsub-Message-Signature", {
      value: "sha256={signature}",
      signed: "{id}{timestamp_text}{body}",
      timestampHeader: "Twitch-Eventsub-Message-Timestamp",
      idHeader: "Twitch-Eventsub-Message-Id",
    }),
  },
  {
    name: "typeform",
    title: "Typeform",
    way: base64("Typeform-Signature", { value: "sha256={signature}" }),
  },
  { name: "vercel", title: "Vercel", way: plain("x-vercel-signature", { hash: "sha1" }) },
  {
    name: "webflow",
    title: "Webflow",
    way: plain("x-webflow-signature", {
      signed: "{timestamp_ms}:{body}",
      timestampHeader: "x-webflow-timestamp",
    }),
  },
  { name: "woocommerce", title: "WooCommerce", way: base64("X-WC-Webhook-Signature") },
  {
    name: "workos",
    title: "WorkOS",
    way: plain("WorkOS-Signature", {
      value: "t={timestamp_ms},v1={signature}",
      signed: "{timestamp_ms}.{body}",
    }),
  },
  { name: "xero", title: "Xero", way: base64("x-xero-signature") },
  {
    name: "zendesk",
    title: "Zendesk",
    way: base64("X-Zendesk-Webhook-Signature", {
      signed: "{timestamp_text}{body}",
      timestampHeader: "X-Zendesk-Webhook-Signature-Timestamp",
    }),
  },
  {
    name: "zoom",
    title: "Zoom",
    way: versioned("x-zm-signature", "x-zm-request-timestamp"),
  },
];

export const DEFAULT_SCHEME = "x-webhook-signature";

export const schemeNamed = (name: string): Scheme | undefined =>
  SCHEMES.find((scheme) => scheme.name === name);

/** Whether a recipe signs a time: without one a recorded message stays valid for ever. */
export function isTimed(way: Way): boolean {
  if (way === "program") return true;
  return "signed" in way && /\{timestamp/.test(way.signed);
}
