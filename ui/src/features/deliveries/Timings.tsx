import type { DeliveryAttempt } from "@/api";
import { formatDuration } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./DeliveryDetail.module.css";
import { timingBars } from "./timingBars";

/** How long the parts of an attempt took, one after the other. */
export function Timings({ timings }: { timings: NonNullable<DeliveryAttempt["timings"]> }) {
  const { t } = useTranslation("deliveries");
  const bars = timingBars(timings);
  return (
    <div className={classes.timings} role="group" aria-label={t("timing.label")}>
      {bars.map(({ part, ms, left, width }) => (
        <div key={part} style={{ display: "contents" }}>
          <span>{t(`timing.${part}`)}</span>
          <span className={classes.track} data-last={part === "answer" || undefined} aria-hidden>
            <span style={{ left: `${left}%`, width: `${width}%` }} />
          </span>
          <span className="num">{formatDuration(ms)}</span>
        </div>
      ))}
    </div>
  );
}
