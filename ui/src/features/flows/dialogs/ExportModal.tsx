import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useFlowExport, type FlowDetail } from "@/api";
import { CodeView, CopyButton, ErrorPanel, Loading, Dialog, useDownload } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";

/** The document of a flow, to copy or to keep as a file. */
export function ExportModal({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation(["flows", "common"]);
  const { data, error, refetch } = useFlowExport(flow.name, true);
  const download = useDownload();
  const text = data === undefined ? "" : `${JSON.stringify(data, null, 2)}\n`;
  return (
    <Dialog
      onClose={onClose}
      title={t("flows:export.title", { name: flow.title || flow.name })}
      width={720}
      height={680}
    >
      <div className={classes.form}>
        <p className="muted">{t("flows:export.text")}</p>
        {error && <ErrorPanel error={error} onRetry={() => void refetch()} inline />}
        {data === undefined && !error && <Loading />}
        {data !== undefined && (
          <>
            <div className={classes.tall}>
              <CodeView label={t("flows:import.document")} text={text} language="json" />
            </div>
            <div className={`${classes.buttons} ${classes.bottom}`}>
              <CopyButton
                text={text}
                label={t("flows:export.copy")}
                words={t("common:action.copy")}
              />
              <Button
                variant="filled"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() =>
                  download(`${flow.name}.json`, new Blob([text], { type: "application/json" }))
                }
              >
                {t("flows:export.download")}
              </Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}
