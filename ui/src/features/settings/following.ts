/** Fields that follow what is kept, and keep what somebody typed meanwhile. Pure. */
export interface Following<T> {
  /** What is kept, as it was last seen. */
  seen: T;
  /** What the typed fields began with. */
  base: T;
  typed: T;
}

export const begin = <T>(kept: T): Following<T> => ({ seen: kept, base: kept, typed: kept });

/** Something else is kept now: fields that nobody touched follow. */
export function follow<T extends object>({ base, typed }: Following<T>, kept: T): Following<T> {
  return { seen: kept, base: kept, typed: withOthers(typed, base, kept) };
}

/** `sent` was saved, as `saved`. What was typed since then stays. */
export function settle<T extends object>(before: Following<T>, sent: T, saved: T): Following<T> {
  return { ...before, base: saved, typed: withOthers(before.typed, sent, saved) };
}

export function isSame<T extends object>(one: T, other: T): boolean {
  return keysOf(one).every((key) => one[key] === other[key]);
}

function withOthers<T extends object>(typed: T, before: T, after: T): T {
  const next = { ...typed };
  for (const key of keysOf(typed)) if (typed[key] === before[key]) next[key] = after[key];
  return next;
}

const keysOf = <T extends object>(fields: T) => Object.keys(fields) as (keyof T)[];
