/**
 * The difference of two JSON values as a small patch that can be turned round: what undo keeps in place of whole
 * documents. The order of keys is kept too, so that undoing gives the very same text. Pure.
 */
export type Json = unknown;
type Path = (string | number)[];
type Fields = Record<string, Json>;

/** One place that changed. `keys`: an object got or lost keys, or has them in another order. `items`: of a list. */
export type Change =
  | { path: Path; kind: "value"; before: Json; after: Json }
  | {
      path: Path;
      kind: "keys";
      before: string[];
      after: string[];
      gone: [string, Json][];
      come: [string, Json][];
    }
  | { path: Path; kind: "items"; at: number; gone: Json[]; come: Json[] };

export type Patch = Change[];

export function diff(before: Json, after: Json): Patch {
  const changes: Patch = [];
  compare([], before, after, changes);
  return changes;
}

function compare(path: Path, before: Json, after: Json, changes: Patch): void {
  if (identical(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(path, before, after, changes);
  } else if (isFields(before) && isFields(after)) {
    compareFields(path, before, after, changes);
  } else {
    changes.push({ path, kind: "value", before, after });
  }
}

function compareFields(path: Path, before: Fields, after: Fields, changes: Patch): void {
  const [was, is] = [Object.keys(before), Object.keys(after)];
  if (!same(was, is)) {
    const gone = was.filter((key) => !Object.hasOwn(after, key));
    const come = is.filter((key) => !Object.hasOwn(before, key));
    changes.push({
      path,
      kind: "keys",
      before: was,
      after: is,
      gone: gone.map((key) => [key, before[key]]),
      come: come.map((key) => [key, after[key]]),
    });
  }
  for (const key of is) {
    if (Object.hasOwn(before, key)) compare([...path, key], before[key], after[key], changes);
  }
}

/** What stands the same at both ends stays; of the middle, as many as on both sides are compared one by one. */
function compareLists(path: Path, before: Json[], after: Json[], changes: Patch): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && identical(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && identical(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const gone = before.slice(head, before.length - tail);
  const come = after.slice(head, after.length - tail);
  if (gone.length === come.length) {
    gone.forEach((each, at) => compare([...path, head + at], each, come[at], changes));
  } else {
    changes.push({ path, kind: "items", at: head, gone, come });
  }
}

export function invert(patch: Patch): Patch {
  return patch.toReversed().map((change) => {
    switch (change.kind) {
      case "value":
        return { ...change, before: change.after, after: change.before };
      case "keys":
        return {
          ...change,
          before: change.after,
          after: change.before,
          gone: change.come,
          come: change.gone,
        };
      case "items":
        return { ...change, gone: change.come, come: change.gone };
    }
  });
}

/** Throws if the patch is for another value: nothing is ever changed at a place that looks different. */
export function apply(value: Json, patch: Patch): Json {
  return patch.reduce((next: Json, change) => applyAt(next, change, 0), value);
}

export class PatchMismatch extends Error {}

function applyAt(value: Json, change: Change, depth: number): Json {
  const key = change.path[depth];
  if (key === undefined) return applyHere(value, change);
  if (Array.isArray(value) && typeof key === "number" && key < value.length) {
    return value.with(key, applyAt(value[key], change, depth + 1));
  }
  if (isFields(value) && typeof key === "string" && Object.hasOwn(value, key)) {
    return withField(value, key, applyAt(value[key], change, depth + 1));
  }
  throw new PatchMismatch(`nothing stands at ${change.path.join("/")}`);
}

function applyHere(value: Json, change: Change): Json {
  switch (change.kind) {
    case "value":
      if (!same(value, change.before)) break;
      return change.after;
    case "keys": {
      if (!isFields(value) || !same(Object.keys(value), change.before)) break;
      const come = new Map(change.come);
      return Object.fromEntries(
        change.after.map((key) => [key, come.has(key) ? come.get(key) : value[key]]),
      );
    }
    case "items": {
      const { at, gone, come } = change;
      if (!Array.isArray(value) || !same(value.slice(at, at + gone.length), gone)) break;
      return value.toSpliced(at, gone.length, ...come);
    }
  }
  throw new PatchMismatch(`another value stands at ${change.path.join("/")}`);
}

function withField(fields: Fields, key: string, next: Json): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([each, value]) => [each, each === key ? next : value]),
  );
}

/** Whether two values are the same JSON, whatever the order of their keys. */
export function same(left: Json, right: Json): boolean {
  return equal(left, right, (was, is) => was.every((key) => is.includes(key)));
}

/** Whether two values are the same JSON with the same order of keys. */
function identical(left: Json, right: Json): boolean {
  return equal(left, right, (was, is) => was.every((key, at) => key === is[at]));
}

function equal(
  left: Json,
  right: Json,
  areKeys: (left: string[], right: string[]) => boolean,
): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((each, at) => equal(each, right[at], areKeys))
    );
  }
  if (!isFields(left) || !isFields(right)) return false;
  const [was, is] = [Object.keys(left), Object.keys(right)];
  return (
    was.length === is.length &&
    areKeys(was, is) &&
    was.every((key) => equal(left[key], right[key], areKeys))
  );
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
