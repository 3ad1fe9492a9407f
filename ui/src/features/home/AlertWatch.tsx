import { useEffect, useRef } from "react";
import { useAlerts } from "@/api";
import { announce, notify } from "@/design";
import { useTranslation } from "@/i18n";

/** Says when an alert begins, on whatever page one is. Those from before the page was opened are on Home. */
export default function AlertWatch() {
  const { t } = useTranslation("home");
  const { data } = useAlerts();
  const known = useRef<Set<number>>(null);
  useEffect(() => {
    if (!data) return;
    const before = known.current;
    known.current = new Set(data.alerts.map(({ id }) => id));
    if (!before) return;
    for (const { id, rule, message, ended_at } of data.alerts) {
      if (before.has(id) || ended_at !== null) continue;
      const title = t("alerts.began", { rule });
      notify({ title, message, tone: "bad", long: true });
      announce(`${title} ${message}`);
    }
  }, [data, t]);
  return null;
}
