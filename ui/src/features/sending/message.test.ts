import { describe, expect, it } from "vitest";
import type { RequestDetail } from "@/api";
import { badHeaderLine, headerPairs, leftOut, messageOf, toSend } from "./message";

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
  ],
} as RequestDetail;

describe("a request that is edited and sent again", () => {
  it("keeps what it said, and is no repeat of the first", () => {
    const message = messageOf(request, '{"a":1}');
    expect(message.headers).toBe("content-type: application/json");
    expect(leftOut(request)).toEqual(["webhook-id"]);
    expect(toSend(message, { requestId: request.id })).toEqual({
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

  it("sends bytes that are no text as they were, and no body where there is none", () => {
    const message = messageOf(request, "");
    expect(toSend(message, { base64: "/w==" })).toMatchObject({ body_base64: "/w==" });
    expect(toSend(message)).not.toHaveProperty("body");
  });

  it("reads headers line by line and names the line that is none", () => {
    expect(headerPairs("A: b:c\n\nx-empty:")).toEqual([
      { name: "A", value: "b:c" },
      { name: "x-empty", value: "" },
    ]);
    expect(badHeaderLine("A: b\n\nno header")).toBe(3);
    expect(badHeaderLine("A: b\nx-empty:")).toBeNull();
  });
});
