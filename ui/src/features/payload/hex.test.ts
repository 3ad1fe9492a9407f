import { describe, expect, it } from "vitest";
import { bytesOfBase64, hexRow, hexRowCount } from "./hex";

describe("bytes in hexadecimal", () => {
  it("shows offset, bytes and what is readable", () => {
    const bytes = new TextEncoder().encode("0123456789abcdefGH\u0000");
    expect(hexRowCount(bytes)).toBe(2);
    expect(hexRow(bytes, 0)).toEqual({
      offset: "00000000",
      hex: "30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66",
      letters: "0123456789abcdef",
    });
    expect(hexRow(bytes, 1)).toEqual({ offset: "00000010", hex: "47 48 00", letters: "GH." });
  });

  it("reads base64 as bytes, not as text", () => {
    expect([...bytesOfBase64("/wCA")]).toEqual([255, 0, 128]);
  });
});
