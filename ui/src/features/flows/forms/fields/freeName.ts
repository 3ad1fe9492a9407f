/** A name that no stored secret has: what is there is never replaced by pasting. */
export function freeName(suggestion: string, taken: string[]): string {
  if (!taken.includes(suggestion)) return suggestion;
  let count = 2;
  while (taken.includes(`${suggestion}_${count}`)) count++;
  return `${suggestion}_${count}`;
}
