/** What a preview says is wrong: where exactly, and what the text would be with the name that was meant. */
import type { PreviewError } from "@/api";

/** It is no fault of the text that nothing ran yet; the API says it in the same way as one. */
export function isOnlyWithoutJob(mistake: PreviewError, jobId: number | null): boolean {
  return jobId === null && mistake.message.startsWith("no job of this flow has run yet");
}

/** A mistake of a whole expression names the word that is wrong, as `` `totl` of `steps.enrich.data` ``. */
export function exactPlace(text: string, mistake: PreviewError): { from: number; to: number } {
  const from = mistake.offset;
  const to = from + mistake.length;
  const range = text.slice(from, to);
  const word = /`([^`]+)`/.exec(mistake.message)?.[1];
  if (!range.includes("{{") || word === undefined) return { from, to };
  const isPart = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_$]/u.test(char);
  for (let at = range.lastIndexOf(word); at !== -1; at = range.lastIndexOf(word, at - 1)) {
    const isWhole = !isPart(range[at - 1]) && !isPart(range[at + word.length]);
    if (isWhole) return { from: from + at, to: from + at + word.length };
    if (at === 0) break;
  }
  return { from, to };
}

/** Null: there is no name to put in place, or it is not known in place of what. */
export function fixedText(text: string, mistake: PreviewError): string | null {
  if (!mistake.nearest) return null;
  const { from, to } = exactPlace(text, mistake);
  if (text.slice(from, to).includes("{{")) return null;
  return text.slice(0, from) + mistake.nearest + text.slice(to);
}
