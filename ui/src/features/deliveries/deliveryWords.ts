/** A delivery's event and attempts, in words. */
import { useMemo } from "react";
import type { Delivery } from "@/api";
import { useTranslation } from "@/i18n";

const EVENTS = ["job_succeeded", "job_failed", "job_finished"] as const;

export function useDeliveryWords() {
  const { t } = useTranslation("deliveries");
  return useMemo(
    () => ({
      event({ event, output }: Pick<Delivery, "event" | "output">): string {
        if (output) return t("event.output", { name: output });
        const known = EVENTS.find((each) => each === event);
        return known ? t(`event.${known}`) : event;
      },
      /** With the bound only while there may be more. */
      attempts({ status, attempts, attempts_max }: Delivery): string {
        const n = attempts.filter((attempt) => attempt.status !== "interrupted").length;
        const isOpen = status === "waiting" || status === "sending" || status === "pending";
        return isOpen && attempts_max > 1 ? t("attemptsOf", { n, max: attempts_max }) : String(n);
      },
    }),
    [t],
  );
}
