/** The message that would be sent now, with the values of the last job or with samples. Nothing is sent. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { previewTask, type PreviewedTask } from "@/api";
import { CodeView, CopyButton, ErrorPanel, HttpMessage, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { text, type Fields } from "../../document";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";
import own from "./Task.module.css";

/** Long enough not to ask at every key, short enough to feel live. */
const AFTER_MS = 350;

export function TaskPreview({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const { flow, document } = slot.context;
  const [asked] = useDebouncedValue(JSON.stringify(slot.fields), AFTER_MS);
  const isReady = text(slot.fields.url) !== "";
  const { data, error, isFetching } = useQuery({
    queryKey: ["flow", flow, "preview", asked],
    queryFn: () => previewTask(flow, document, JSON.parse(asked) as Fields),
    enabled: isReady,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  return (
    <section className={own.preview} aria-label={t("task.preview")}>
      <h3>
        {t("task.preview")}
        {data && (
          <span className="faint">
            {data.job_id === null ? t("task.withSamples") : t("task.withJob", { id: data.job_id })}
          </span>
        )}
      </h3>
      {!isReady && <p className={classes.hint}>{t("task.previewNeedsUrl")}</p>}
      {isReady && error && !data && <ErrorPanel error={error} inline />}
      {isReady && !data && !error && <Loading />}
      {isReady && data && (
        <div className={isFetching ? own.old : undefined} aria-busy={isFetching}>
          <Previewed message={data} />
        </div>
      )}
    </section>
  );
}

function Previewed({ message }: { message: PreviewedTask }) {
  const { t } = useTranslation("ways");
  const { error, method, url, headers, body, signed_bytes } = message;
  if (error) return <p className={classes.bad}>{error.message}</p>;
  return (
    <>
      <HttpMessage
        label={t("task.previewOf")}
        url={`${method ?? ""} ${url ?? ""}`}
        headers={headers}
        body={body}
        asSent
      />
      {signed_bytes !== null && (
        <>
          <div className={own.label}>
            {t("task.signedBytes")}
            <CopyButton text={signed_bytes} label={t("task.copySigned")} />
          </div>
          <CodeView label={t("task.signedBytes")} text={signed_bytes} language="plain" />
        </>
      )}
    </>
  );
}
