/** What is wrong with one field of a part, for the field to say. */
import type { Problem } from "@/api";

/** The first error at the field `key` of the part at `place`, or below it; else the first warning. */
export function problemAt(problems: Problem[], place: string, key: string): string | undefined {
  const pointer = `${place}/${key}`;
  const own = problems.filter(
    (each) => each.place === pointer || each.place.startsWith(`${pointer}/`),
  );
  const worst = own.find(({ severity }) => severity === "error") ?? own[0];
  if (!worst) return undefined;
  return worst.hint ? `${worst.message} ${worst.hint}` : worst.message;
}
