/**
 * What a cron pattern means, for the usual ones: a structure that words are made from. Whether a pattern can be read
 * at all is said by Hookloom alone. Pure.
 */
export type CronMeaning =
  | { kind: "every_minute" }
  | { kind: "every_minutes"; count: number }
  | { kind: "hourly"; minute: number }
  | { kind: "every_hours"; count: number; minute: number }
  | ({ kind: "times"; times: string[] } & CronDays);

export interface CronDays {
  /** 0 is Sunday. Null: every one. */
  weekdays: number[] | null;
  /** Of the month. */
  days: number[] | null;
  /** 1 is January. */
  months: number[] | null;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** More times in a day than somebody reads. */
const TIMES_MAX = 8;

/** Null for a pattern that has no short words. */
export function cronMeaning(pattern: string): CronMeaning | null {
  const fields = pattern.trim().toLowerCase().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) return null;
  const isAnyDay = [day, month, weekday].every((each) => each === "*" || each === "?");
  if (isAnyDay && hour === "*") {
    if (minute === "*") return { kind: "every_minute" };
    const every = stepOf(minute, 60);
    if (every) return { kind: "every_minutes", count: every };
    const [at, ...more] = listOf(minute, 0, 59) ?? [];
    return at === undefined || more.length > 0 ? null : { kind: "hourly", minute: at };
  }
  const minutes = listOf(minute, 0, 59);
  if (minutes === null) return null;
  const every = stepOf(hour, 24);
  if (isAnyDay && every && minutes.length === 1) {
    return { kind: "every_hours", count: every, minute: minutes[0] ?? 0 };
  }
  const hours = listOf(hour, 0, 23);
  const days = daysOf(day, month, weekday);
  if (hours === null || days === null || hours.length * minutes.length > TIMES_MAX) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
  return { kind: "times", times: times.sort(), ...days };
}

function daysOf(day: string, month: string, weekday: string): CronDays | null {
  const all = (field: string) => field === "*" || field === "?";
  const weekdays = all(weekday) ? null : listOf(weekday, 0, 7, WEEKDAYS);
  const days = all(day) ? null : listOf(day, 1, 31);
  const months = all(month) ? null : listOf(month, 1, 12, MONTHS);
  const isOdd = (field: string, read: number[] | null) => !all(field) && read === null;
  if (isOdd(weekday, weekdays) || isOdd(day, days) || isOdd(month, months)) return null;
  // 7 is Sunday, too.
  const week = weekdays && [...new Set(weekdays.map((each) => each % 7))].sort((a, b) => a - b);
  return { weekdays: week, days, months };
}

/** `*∕5`, if the steps fit the whole evenly: else the last one is shorter, and "every" would be wrong. */
function stepOf(field: string, whole: number): number | null {
  const found = /^(?:\*|0)\/(\d{1,2})$/.exec(field);
  const step = Number(found?.[1]);
  return step >= 1 && whole % step === 0 ? step : null;
}

/** `1,3`, `1-5`, `mon-fri` as numbers; null for everything else. */
function listOf(field: string, least: number, most: number, names: string[] = []): number[] | null {
  const numbers = new Set<number>();
  for (const part of field.split(",")) {
    const [from, to, ...more] = part.split("-").map((text) => numberOf(text, least, names));
    const last = to ?? from;
    if (typeof from !== "number" || typeof last !== "number" || to === null) return null;
    if (more.length > 0) return null;
    if (from < least || last > most || from > last) return null;
    for (let each = from; each <= last; each++) numbers.add(each);
  }
  return [...numbers].sort((a, b) => a - b);
}

function numberOf(text: string, least: number, names: string[]): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const at = names.indexOf(text);
  return at < 0 ? null : at + (names === WEEKDAYS ? 0 : least);
}

const two = (value: number): string => String(value).padStart(2, "0");
