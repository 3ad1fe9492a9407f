/** Bytes sixteen a line: offset, hexadecimal, and what is readable of them. Pure. */
export const HEX_ROW_BYTES = 16;

const TWO_DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export interface HexRow {
  offset: string;
  hex: string;
  letters: string;
}

export function hexRow(bytes: Uint8Array, row: number): HexRow {
  const from = row * HEX_ROW_BYTES;
  const here = [...bytes.subarray(from, from + HEX_ROW_BYTES)];
  const pairs = here.map((byte) => TWO_DIGITS[byte] ?? "");
  return {
    offset: from.toString(16).padStart(8, "0"),
    hex: `${pairs.slice(0, 8).join(" ")}  ${pairs.slice(8).join(" ")}`.trimEnd(),
    letters: here.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".")).join(""),
  };
}

export const hexRowCount = (bytes: Uint8Array): number => Math.ceil(bytes.length / HEX_ROW_BYTES);

export function bytesOfBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
