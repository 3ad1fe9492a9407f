/** A rule in one sentence. */
import type { AlertRule } from "@/api";
import { useTranslation } from "@/i18n";

export function useRuleWords(): (rule: AlertRule) => string {
  const { t } = useTranslation("home");
  return ({ kind, flow, endpoint, threshold, window_minutes, minimum }) => {
    const where = endpoint
      ? t("rule.ofEndpoint", { endpoint })
      : flow
        ? t("rule.ofFlow", { flow })
        : t("rule.ofAll");
    const share = Math.round(threshold * 1000) / 10;
    return t(`rule.${kind}`, { where, share, factor: threshold, minutes: window_minutes, minimum });
  };
}
