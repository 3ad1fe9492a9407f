/** Numbers, sizes, durations and times in words. Pure: the present is passed in. */
const count = new Intl.NumberFormat("en");

export const formatCount = (value: number): string => count.format(value);

/** At most three figures and a unit: `2 bytes`, `8.4 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 99.95 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[unit]}`;
}

/** `41 ms`, `2.1 s`, `1 min 42 s`, `3 h 5 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  if (whole < 9950) return `${(whole / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  return formatSeconds(Math.round(whole / 1000));
}

function formatSeconds(seconds: number): string {
  const steps: [number, string, number, string][] = [
    [86_400, "d", 3600, "h"],
    [3600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ];
  for (const [size, unit, smallSize, smallUnit] of steps) {
    if (seconds < size) continue;
    const rest = Math.floor((seconds % size) / smallSize);
    const large = `${Math.floor(seconds / size)} ${unit}`;
    return rest === 0 ? large : `${large} ${rest} ${smallUnit}`;
  }
  return `${seconds} s`;
}

export interface RelativeParts {
  when: "now" | "past" | "future";
  amount: string;
}

/** How far a time is from now, coarse beyond a minute so that the words stand still. */
export function relativeParts(at: number, now: number): RelativeParts {
  const seconds = Math.round(Math.abs(now - at) / 1000);
  if (seconds < 2) return { when: "now", amount: "" };
  const when = at < now ? "past" : "future";
  if (seconds < 60) return { when, amount: `${seconds} s` };
  if (seconds < 3600) {
    const exact = when === "future" && seconds < 600;
    return { when, amount: exact ? formatSeconds(seconds) : `${Math.floor(seconds / 60)} min` };
  }
  if (seconds < 86_400) return { when, amount: `${Math.floor(seconds / 3600)} h` };
  return { when, amount: `${Math.floor(seconds / 86_400)} d` };
}

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** The local time of day with milliseconds, for lists in which the date is clear. */
export function formatClock(at: string): string {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((v) => pad(v));
  return `${clock.join(":")}.${pad(time.getMilliseconds(), 3)}`;
}

/** The whole local time, with its zone: what a hover over a relative time shows. */
export function formatExact(at: string): string {
  return formatFull(at, formatClock(at));
}

/** The same to the second: for a sentence. */
export function formatToSecond(at: string): string {
  return formatFull(at, formatClock(at).replace(/\.\d+$/, ""));
}

function formatFull(at: string, clock: string): string {
  const time = new Date(at);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const offset = -time.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${day} ${clock} UTC${offset === 0 ? "" : zone}`;
}

/** A time as a zone's clocks show it: `Mon, 23 Nov 2026, 02:00 GMT+1`. In UTC if the zone is unknown here. */
export function formatInZone(at: string, zone: string): string {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat("en-GB", {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "shortOffset",
      timeZone,
    }).format(new Date(at));
  try {
    return format(zone);
  } catch {
    return format("UTC");
  }
}

/** An id with its middle left out, as long as its beginning and end tell it apart. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
