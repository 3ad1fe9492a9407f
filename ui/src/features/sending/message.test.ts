import { describe, expect, it } from "vitest";
import type { RequestDetail } from "@/api";
import { leftOut, messageOf, toSend } from "./message";

const request = {
  id: "mqr_1",
  flow: "orders",
  endpoint: "orders_in",
  method: "POST",
  path: "/api/webhook/local/orders?key=••••&a=1&a=2",
  headers: [
    { name: "content-type", value: "application/json" },
    { name: "content-length", value: "2" },
    { name: "webhook-id", value: "msg_1" },
    { name: "X-GitHub-Delivery", value: "of the first" },
  ],
} as RequestDetail;
const edited = { requestId: request.id, keepsBody: false };

describe("a request that is edited and sent again", () => {
  it("keeps what it said, and is no repeat of the first", () => {
    const message = messageOf(request, '{"a":1}');
    expect(message.headers).toBe("content-type: application/json");
    expect(leftOut(request)).toEqual(["webhook-id", "X-GitHub-Delivery"]);
    expect(toSend(message, edited)).toEqual({
      flow: "orders",
      endpoint: "orders_in",
      request_id: "mqr_1",
      method: "POST",
      path: "/api/webhook/local/orders",
      query: [
        { name: "key", value: "••••" },
        { name: "a", value: "1" },
        { name: "a", value: "2" },
      ],
      headers: [{ name: "content-type", value: "application/json" }],
      body: '{"a":1}',
      sign: true,
    });
  });

  it("leaves a body that nobody changed to the stored bytes", () => {
    const message = messageOf(request, "\u{fffd}");
    expect(toSend(message, { ...edited, keepsBody: true })).not.toHaveProperty("body");
  });

  it("says what was emptied, or the stored body and query would go out again", () => {
    const message = { ...messageOf(request, ""), path: "/api/webhook/local/orders" };
    expect(toSend(message, edited)).toMatchObject({ body: "", query: [] });
  });
});

it("a message of nothing stored has neither a body nor a query that nobody wrote", () => {
  const message = { ...messageOf(request, ""), path: "/api/webhook/local/orders" };
  const sent = toSend(message);
  expect(sent).not.toHaveProperty("body");
  expect(sent).not.toHaveProperty("query");
  expect(sent).not.toHaveProperty("request_id");
});
