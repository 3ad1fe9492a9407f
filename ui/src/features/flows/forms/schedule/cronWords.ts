/** A cron pattern in words, such as “on Monday to Friday at 09:00”. */
import { useTranslation } from "@/i18n";
import { cronMeaning, type CronDays } from "./cron";

/** The first of January 2023 was a Sunday. */
const dayNamed = (weekday: number) => new Date(Date.UTC(2023, 0, 1 + weekday));
const monthNamed = (month: number) => new Date(Date.UTC(2023, month - 1, 1));

/** Null for a pattern that has no short words. */
export function useCronWords(): (pattern: string) => string | null {
  const { t, i18n } = useTranslation("ways");
  // The made-up language of the tests has no rules of its own.
  const language = i18n.language === "pseudo" ? "en" : i18n.language;
  const list = (items: string[]) => new Intl.ListFormat(language).format(items);
  const name = (date: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(date);

  return (pattern) => {
    const meaning = cronMeaning(pattern);
    switch (meaning?.kind) {
      case undefined:
        return null;
      case "every_minute":
        return t("schedule.words.every_minute");
      case "every_minutes":
        return t("schedule.words.every_minutes", { count: meaning.count });
      case "hourly":
        return meaning.minute === 0
          ? t("schedule.words.on_the_hour")
          : t("schedule.words.hourly", { minute: meaning.minute });
      case "every_hours":
        return t("schedule.words.every_hours", {
          count: meaning.count,
          minute: String(meaning.minute).padStart(2, "0"),
        });
      case "times":
        return t("schedule.words.times", { days: days(meaning), times: list(meaning.times) });
    }
  };

  function days({ weekdays, days, months }: CronDays): string {
    const week = weekdays && weekdayWords(weekdays);
    const dates =
      days &&
      t("schedule.words.dates", { count: days.length, days: list(days.map((day) => `${day}.`)) });
    const year =
      months &&
      t("schedule.words.months", {
        months: list(months.map((month) => name(monthNamed(month), { month: "long" }))),
      });
    // Both given: either of them is enough.
    const which = week && dates ? t("schedule.words.either", { week, dates }) : (week ?? dates);
    return [which ?? t("schedule.words.daily"), year].filter(Boolean).join(" ");
  }

  function weekdayWords(weekdays: number[]): string {
    const named = (day: number) => name(dayNamed(day), { weekday: "long" });
    const [first, last] = [weekdays[0] ?? 0, weekdays.at(-1) ?? 0];
    if (weekdays.length > 2 && last - first === weekdays.length - 1) {
      return t("schedule.words.from_to", { first: named(first), last: named(last) });
    }
    return t("schedule.words.weekdays", { days: list(weekdays.map(named)) });
  }
}
