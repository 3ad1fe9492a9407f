/** The pinned result of a step: its data as JSON, and the exit code that it ends with. */
import { Autocomplete, Button } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { edgesOf, partsOf, text, type Part } from "../document";
import { knownCodes } from "../editor/commands";
import { JsonField } from "../forms/fields/JsonField";
import type { FormContext } from "../forms/types";
import type { Pin } from "./pinned";
import { pinStep } from "./pins";

interface PinDialogProps {
  step: string;
  /** What it begins as; nothing is pinned yet without. */
  pin: Pin | undefined;
  context: FormContext;
  onClose: () => void;
}

export function PinDialog({ step, pin, context, onClose }: PinDialogProps) {
  const { t } = useTranslation(["forms", "common"]);
  const codes = codesOf(step, partsOf(context.document).steps);
  const [begun] = useState<Pin>(() => pin ?? { data: {}, exit_code: codes[0] ?? "success" });
  const [data, setData] = useState(begun.data);
  const [typed, setCode] = useState(begun.exit_code);
  const exit_code = typed.trim();
  const isChanged =
    exit_code !== begun.exit_code || JSON.stringify(data) !== JSON.stringify(begun.data);
  return (
    <Dialog
      title={t("forms:pin.title", { step })}
      width={560}
      unsaved={isChanged}
      onClose={onClose}
    >
      <div className={forms.form}>
        <p className="muted">{t("forms:pin.text")}</p>
        <Autocomplete
          label={t("forms:try.exitCode")}
          description={t("forms:pin.codeHint")}
          data={codes}
          // All of them, whatever stands there: they are few.
          filter={({ options }) => options}
          value={typed}
          onChange={setCode}
          error={exit_code === "" ? t("forms:pin.noCode") : undefined}
          comboboxProps={{ withinPortal: false }}
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
        />
        <JsonField
          label={t("forms:pin.data", { step })}
          value={data}
          onChange={setData}
          context={context}
        />
        <div className={forms.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            variant="filled"
            disabled={data === undefined || exit_code === ""}
            onClick={() => {
              void pinStep(context.flow, step, { data, exit_code });
              onClose();
            }}
          >
            {t("forms:pin.submit")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Those that its kind is known to have, and those that later steps wait for. */
function codesOf(step: string, steps: Part[]): string[] {
  const own = steps.find(({ fields }) => text(fields.name) === step);
  const waited = steps
    .flatMap(edgesOf)
    .flatMap((edge) => (edge.step === step ? edge.on : []))
    .filter((code) => code !== "*");
  return [...new Set([...(own ? knownCodes(own.fields) : []), ...waited])];
}
