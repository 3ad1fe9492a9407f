import { expect, test } from "vitest";
import { schemeNamed } from "@/features/endpoints/schemes";
import { RECEIVER_LANGUAGES, RECEIVER_SCHEMES, receiverCode } from "./receivers";

test.each(RECEIVER_SCHEMES)("there is a receiver for %s in every language", async (scheme) => {
  const way = schemeNamed(scheme)?.way;
  if (typeof way !== "object" || !("header" in way)) throw new Error("it signs in a header");
  for (const { ending } of RECEIVER_LANGUAGES) {
    const code = (await receiverCode(scheme, ending)).toLowerCase();
    expect(code, `${scheme}.${ending}`).toContain(way.header.toLowerCase());
  }
});

test("a scheme without a receiver says so", async () => {
  await expect(receiverCode("adyen", "py")).rejects.toThrow("adyen");
});
