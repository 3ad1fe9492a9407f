import { expect, test } from "vitest";
import { base64Of, bytesOf } from "./base64";

test("bytes of every value come back, also of more than one piece", async () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, at) => (at * 7) % 256);
  const base64 = await base64Of(new Blob([bytes]));
  expect(base64).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(bytesOf(base64)).toEqual(bytes);
  expect(bytesOf(await base64Of(new Blob([])))).toEqual(new Uint8Array());
});
