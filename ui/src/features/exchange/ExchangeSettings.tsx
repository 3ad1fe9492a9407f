/** Import and export among the settings: what leaves as which file, and the way in. */
import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { IconFileExport, IconFileImport } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { exportWorkspace, useFlows, type ExportFormat } from "@/api";
import { useAction, useDownload } from "@/design";
import settings from "@/features/settings/Settings.module.css";
import { useCommands } from "@/frame/commands";
import { loadTexts, useTranslation } from "@/i18n";
import classes from "./Exchange.module.css";
import { Fates } from "./Fates";

const ImportDialog = lazy(() => import("./ImportDialog"));

loadTexts("exchange");

const FORMATS: ExportFormat[] = ["workspace", "hooks", "curl"];

export function ExchangeSettings() {
  const { t } = useTranslation("exchange");
  const download = useDownload();
  const [isImporting, setImporting] = useState(false);
  const [isWhole, setWhole] = useState(true);
  const [chosen, setChosen] = useState<string[]>([]);
  const [format, setFormat] = useState<ExportFormat>("workspace");
  const doExport = useAction({
    run: () => exportWorkspace(format, isWhole ? undefined : chosen),
    onDone: ({ file_name, text }) => download(file_name, new Blob([text])),
  });
  useCommands([
    {
      id: "exchange.import",
      label: t("import"),
      Icon: IconFileImport,
      run: () => setImporting(true),
    },
  ]);
  const lost = doExport.data?.notes.filter(({ fate }) => fate !== "kept") ?? [];

  return (
    <>
      <p className="muted">{t("text")}</p>
      <div className={`${settings.fields} ${settings.below}`}>
        <NativeSelect
          label={t("whatToExport")}
          value={isWhole ? "whole" : "some"}
          onChange={({ currentTarget }) => setWhole(currentTarget.value === "whole")}
          data={[
            { value: "whole", label: t("whole") },
            { value: "some", label: t("some") },
          ]}
        />
        <NativeSelect
          label={t("as")}
          value={format}
          onChange={({ currentTarget }) => setFormat(currentTarget.value as ExportFormat)}
          data={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
        />
        <Button
          leftSection={<IconFileExport size={16} aria-hidden />}
          loading={doExport.isPending}
          disabled={!isWhole && chosen.length === 0}
          onClick={() => doExport.mutate()}
        >
          {t("export")}
        </Button>
        <Button
          leftSection={<IconFileImport size={16} aria-hidden />}
          onClick={() => setImporting(true)}
        >
          {t("import")}
        </Button>
      </div>
      {!isWhole && <FlowChoice chosen={chosen} onChange={setChosen} />}
      {lost.length > 0 && (
        <div className={classes.lost} role="status">
          <p className="strong">{t("exported")}</p>
          <Fates
            rows={lost.map(({ fate, what, why }) => ({ key: what + why, fate, name: what, why }))}
          />
        </div>
      )}
      {isImporting && (
        <Suspense>
          <ImportDialog onClose={() => setImporting(false)} />
        </Suspense>
      )}
    </>
  );
}

interface FlowChoiceProps {
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

function FlowChoice({ chosen, onChange }: FlowChoiceProps) {
  const { t } = useTranslation("exchange");
  const { data } = useFlows();
  const flows = data?.items ?? [];
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((it) => it !== name) : [...chosen, name]);
  return (
    <fieldset className={classes.flows}>
      <legend className="muted">{t("flows")}</legend>
      {data && flows.length === 0 && <p className="muted">{t("noFlows")}</p>}
      {flows.map(({ name, title }) => (
        <Checkbox
          key={name}
          size="xs"
          label={title ? `${title} (${name})` : name}
          checked={chosen.includes(name)}
          onChange={() => toggle(name)}
        />
      ))}
    </fieldset>
  );
}
