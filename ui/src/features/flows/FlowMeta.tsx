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
  const { version, draft_changed } = flow;
  return (
    <>
      <FlowState flow={flow} />
      {version === null ? (
        <span className="muted truncate">{t("draftOnly")}</span>
      ) : (
        draft_changed && <span className="muted truncate">{t("draftChanged")}</span>
      )}
    </>
  );
}

/** `Live, version 7`. */
export function FlowState({ flow }: { flow: Pick<FlowDetail, "state" | "version"> }) {
  const { t } = useTranslation("flows");
  const { state, version } = flow;
  const detail = version === null ? t("notPublished") : t("version", { version });
  return <StatusPill status={state} detail={detail} />;
}
