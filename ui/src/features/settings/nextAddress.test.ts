import { expect, it } from "vitest";
import { nextAddress } from "./nextAddress";

it("offers a port nearby, and a free one where there is none", () => {
  expect(nextAddress("127.0.0.1:4747")).toBe("127.0.0.1:4757");
  expect(nextAddress("[::1]:4747")).toBe("[::1]:4757");
  expect(nextAddress("127.0.0.1:65530")).toBe("127.0.0.1:0");
  expect(nextAddress("")).toBe("127.0.0.1:0");
});
