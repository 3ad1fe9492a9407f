/** Brings in a file or a text of any format: first what becomes of it, then the secrets that it needs, then the import. */
import { Button, FileButton, Textarea } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useRef, useState, type FormEvent } from "react";
import { Dialog, ErrorPanel, formatBytes } from "@/design";
import form from "@/design/Form.module.css";
import { loadTexts, useTranslation } from "@/i18n";
import classes from "./Exchange.module.css";
import { SHOWN_MAX_CHARS, useGiven } from "./given";
import { ImportPlan } from "./ImportPlan";
import { MissingSecrets } from "./MissingSecrets";
import { useImport } from "./useImport";

loadTexts("exchange");

export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["exchange", "common"]);
  const resetFile = useRef<() => void>(null);
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const { given, mistake, give, readFile } = useGiven();
  const it = useImport(given, onClose);
  const { report } = it;
  const isShown = given.text.length <= SHOWN_MAX_CHARS;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (it.isCurrent) it.doImport.mutate(secrets);
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("exchange:dialog.title")}
      width={820}
      height={760}
      unsaved={given.text.trim() !== ""}
    >
      <form className={form.form} onSubmit={submit} autoComplete="off">
        <p className="muted">{t("exchange:dialog.text")}</p>
        <div className={classes.given}>
          <FileButton
            resetRef={resetFile}
            accept=".json,.har,.sh,.txt,application/json,text/plain"
            onChange={(file) => {
              resetFile.current?.();
              void readFile(file);
            }}
          >
            {(props) => (
              <Button {...props} data-autofocus leftSection={<IconFile size={16} aria-hidden />}>
                {t("exchange:dialog.choose")}
              </Button>
            )}
          </FileButton>
          {given.text !== "" && (
            <span className="muted">
              {t("exchange:dialog.given", {
                name: given.name || t("exchange:dialog.pasted"),
                size: formatBytes(new Blob([given.text]).size),
              })}
            </span>
          )}
        </div>
        {mistake !== undefined && (
          <p role="alert" className="strong">
            {mistake}
          </p>
        )}
        <Textarea
          label={t("exchange:dialog.paste")}
          classNames={{ input: "mono" }}
          rows={6}
          value={isShown ? given.text : ""}
          onChange={(event) => give("", event.currentTarget.value)}
          spellCheck={false}
        />
        <p className="muted" role="status">
          {it.isLooking
            ? t("exchange:dialog.looking")
            : report && t(`exchange:isFormat.${report.format}`)}
        </p>
        {it.error && <ErrorPanel error={it.error} onRetry={it.lookAgain} inline />}
        {report && (
          <ImportPlan
            report={report}
            existing={it.existing}
            onChoose={it.choose}
            onChooseForAll={it.chooseForAll}
          />
        )}
        {report && report.missing_secrets.length > 0 && (
          <MissingSecrets missing={report.missing_secrets} values={secrets} onChange={setSecrets} />
        )}
        <div className={`${form.buttons} ${form.bottom}`}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={it.doImport.isPending}
            disabled={!it.isCurrent}
          >
            {t("exchange:dialog.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
