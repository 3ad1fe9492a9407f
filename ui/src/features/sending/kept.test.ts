import { expect, test } from "vitest";
import { providerNamed } from "@/features/endpoints/providers";
import { keptOf, messageOfKept } from "./kept";
import type { Message } from "./message";

const target = {
  flow: "orders",
  endpoint: "hook",
  methods: ["POST"],
  path: "/in/orders",
  provider: providerNamed("github"),
};
const message: Message = {
  flow: "orders",
  endpoint: "hook",
  method: "PUT",
  path: "/in/orders?b=2+3&b=%26",
  headers: "X-A: 1\nX-A: 2",
  body: "{}",
  sign: true,
};

test("what is kept comes back as it was", () => {
  expect(messageOfKept(keptOf(message, target, null), target)).toEqual(message);
  const elsewhere = { ...message, path: "/in/orders/7" };
  expect(messageOfKept(keptOf(elsewhere, target, null), target)).toEqual(elsewhere);
});

test("the endpoint's own path is not kept, so that a test follows it", () => {
  const kept = keptOf(message, target, "mqr_1");
  expect(kept).not.toHaveProperty("path");
  expect(messageOfKept(kept, { ...target, path: "/in/new" }).path).toBe("/in/new?b=2+3&b=%26");
});
