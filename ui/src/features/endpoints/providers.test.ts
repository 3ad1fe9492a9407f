import { describe, expect, test } from "vitest";
import { credentialsOf } from "./credentials";
import { endpointUrl, hasParameters, withoutKey } from "./endpointUrls";
import { endpointFields, newKey, providerNamed, providerOf, PROVIDERS } from "./providers";
import { schemeNamed } from "./schemes";
import { receiverOf, TUNNELS } from "./tunnels";

describe("providers", () => {
  test("each makes an endpoint that its own sample is for", () => {
    for (const provider of PROVIDERS) {
      const fields = endpointFields(provider, "hook", "hook_secret");
      const auth = fields.auth as Record<string, unknown>;
      expect(auth.kind === "none" || auth.secret === "hook_secret", provider.name).toBe(true);
      if (auth.kind !== "none") expect(providerOf(auth), provider.name).toBe(provider);
      if (auth.kind === "signature") expect(schemeNamed(String(auth.scheme))).toBeDefined();
      expect(credentialsOf(auth).length).toBe(auth.kind === "none" ? 0 : 1);
    }
  });

  test("the key that knows a repeat is in the sample message", () => {
    expect(providerNamed("stripe").idempotencyKey).toContain("trigger.body.id");
    expect(providerNamed("stripe").sample.body).toHaveProperty("id");
    expect(providerNamed("slack").sample.body).toHaveProperty("event_id");
    const names = providerNamed("shopify").sample.headers.map(({ name }) => name.toLowerCase());
    expect(names).toContain("x-shopify-webhook-id");
  });

  test("a new key is long, and never the same", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{48}$/);
    expect(newKey()).not.toBe(newKey());
  });
});

describe("the URL of an endpoint that is not published", () => {
  const where = {
    base: "https://hooks.example/",
    workspace: "local",
    flow: "shop",
    isFirst: false,
  };
  test.each([
    [
      { name: "hub", auth: { kind: "none" } },
      where,
      "https://hooks.example/api/webhook/local/shop/hub",
    ],
    [
      { name: "hub", auth: { kind: "shared_key", secret: "k" } },
      { ...where, isFirst: true },
      "https://hooks.example/api/webhook/local/shop?key=YOUR_KEY",
    ],
    [
      { name: "hub", path: "/in/orders/{id}", auth: { kind: "shared_key", header: "X-Key" } },
      where,
      "https://hooks.example/in/orders/{id}",
    ],
  ])("%#", (fields, at, url) => {
    expect(endpointUrl(fields, at)).toBe(url);
    expect(hasParameters(url)).toBe(url.includes("{"));
  });

  test("a key is taken off its end", () => {
    expect(withoutKey("https://a.example/x?key=YOUR_KEY")).toBe("https://a.example/x");
  });
});

test("a tunnel leads to the receiver, on the loopback interface too", () => {
  expect(receiverOf("0.0.0.0:4747")).toEqual({ host: "127.0.0.1", port: "4747" });
  expect(receiverOf("[::1]:4747")).toEqual({ host: "[::1]", port: "4747" });
  for (const { command } of TUNNELS)
    expect(command(receiverOf("127.0.0.1:4748"))).toContain("4748");
});
