import type { FlowDetail } from "@/api";
import { StatusPill } from "@/design";
import { useTranslation } from "@/i18n";

/** `Live, version 7` and how the draft stands to it. */
export function FlowMeta({
  flow,
}: {
  flow: Pick<FlowDetail, "state" | "version" | "draft_changed">;
}) {
  const { t } = useTranslation("flows");
  const { state, version, draft_changed } = flow;
  const detail = version === null ? t("notPublished") : t("version", { version });
  return (
    <>
      <StatusPill status={state} detail={detail} />
      {version === null ? (
        <span className="muted truncate">{t("draftOnly")}</span>
      ) : (
        draft_changed && <span className="muted truncate">{t("draftChanged")}</span>
      )}
    </>
  );
}
