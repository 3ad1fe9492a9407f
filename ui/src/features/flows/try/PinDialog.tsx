/** The pinned output of a step, as JSON. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { JsonField } from "../forms/fields/JsonField";
import type { FormContext } from "../forms/types";
import { pinData } from "./pins";

interface PinDialogProps {
  step: string;
  /** What it begins as. */
  data: unknown;
  context: FormContext;
  onClose: () => void;
}

export function PinDialog({ step, data, context, onClose }: PinDialogProps) {
  const { t } = useTranslation(["forms", "common"]);
  const [value, setValue] = useState(data);
  return (
    <Dialog
      title={t("forms:pin.title", { step })}
      width={560}
      unsaved={JSON.stringify(value) !== JSON.stringify(data)}
      onClose={onClose}
    >
      <div className={forms.form}>
        <p className="muted">{t("forms:pin.text")}</p>
        <JsonField
          label={t("forms:pin.data", { step })}
          value={value}
          onChange={setValue}
          context={context}
        />
        <div className={forms.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            variant="filled"
            disabled={value === undefined}
            onClick={() => {
              void pinData(context.flow, step, value);
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
