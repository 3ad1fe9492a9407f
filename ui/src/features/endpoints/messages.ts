/** Messages as a person edits them: headers as lines of text, ids that are new each time. Pure. */
import { isOfOneMessage } from "@/features/sending/message";
import { NEW_ID } from "./providers";

interface Header {
  name: string;
  value: string;
}

const LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s?(.*)$/;
export const headerLines = (headers: readonly Header[]): string =>
  headers.map(({ name, value }) => `${name}: ${value}`).join("\n");

export function headersIn(lines: string): Header[] {
  return lines.split("\n").flatMap((line) => {
    const found = LINE.exec(line.trim());
    return found ? [{ name: found[1] ?? "", value: (found[2] ?? "").trim() }] : [];
  });
}

/** The headers of a stored request that a new message can have too. */
export const linesAgain = (headers: readonly Header[]): string =>
  headerLines(headers.filter(({ name }) => !isOfOneMessage(name)));

/** Whether every line that is not empty is a header. */
export const isHeaderLines = (lines: string): boolean =>
  lines.split("\n").every((line) => line.trim() === "" || LINE.test(line.trim()));

export const prettyBody = (body: unknown): string => JSON.stringify(body, null, 2);

/** A text whose ids are new. */
export const withId = (text: string, id: string): string => text.replaceAll(NEW_ID, id);
