import { useTranslation } from "@/i18n";
import { formatExact, relativeParts } from "./format";
import { useNow } from "./now";

/** A time as a distance from now; the exact time on hover, and for a screen reader. */
export function RelativeTime({ at }: { at: string }) {
  const { t } = useTranslation();
  const { when, amount } = relativeParts(Date.parse(at), useNow());
  return (
    <time dateTime={at} title={formatExact(at)}>
      {t(`time.${when}`, { amount })}
    </time>
  );
}
