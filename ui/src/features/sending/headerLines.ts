/** Headers as a person writes them: `Name: value`, one a line. Pure. */
import type { NameAndValue } from "@/api";

const LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s?(.*)$/;

export const headerLines = (headers: readonly NameAndValue[]): string =>
  headers.map(({ name, value }) => `${name}: ${value}`).join("\n");

/** The headers of all lines that are one. */
export function headersIn(lines: string): NameAndValue[] {
  return lines.split("\n").flatMap((line) => {
    const found = LINE.exec(line.trim());
    return found ? [{ name: found[1] ?? "", value: (found[2] ?? "").trim() }] : [];
  });
}

/** The first line that is neither a header nor empty, from 1; null if there is none. */
export function badHeaderLine(lines: string): number | null {
  const at = lines.split("\n").findIndex((line) => line.trim() !== "" && !LINE.test(line.trim()));
  return at < 0 ? null : at + 1;
}
