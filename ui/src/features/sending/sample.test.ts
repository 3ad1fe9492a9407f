import { expect, test } from "vitest";
import { providerNamed } from "@/features/endpoints/providers";
import { sampleFor, withNewId } from "./sample";

const target = {
  flow: "orders",
  endpoint: "hook",
  methods: ["POST"],
  path: "/api/webhook/local/orders",
  provider: providerNamed("github"),
};

test("a sample sent twice has two ids, and nothing else changes", () => {
  const message = sampleFor(target, target.provider);
  const [one, other] = [withNewId(message, "7"), withNewId(message, "8")];
  expect(one.headers).toContain("X-GitHub-Delivery: 7");
  expect(other.headers).toBe(one.headers.replace("Delivery: 7", "Delivery: 8"));
  expect(other.body).toBe(one.body);
  const paid = sampleFor(target, providerNamed("stripe"));
  expect(withNewId(paid, "7").body).toContain('"id": "evt_7"');
});

test("a method without a body gets none, and no word of its type", () => {
  const message = sampleFor({ ...target, methods: ["GET"] }, target.provider);
  expect(message).toMatchObject({ method: "GET", body: "" });
  expect(message.headers).not.toMatch(/content-type/i);
  expect(message.headers).toContain("X-GitHub-Event: push");
});
