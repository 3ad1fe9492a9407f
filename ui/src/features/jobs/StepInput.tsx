/** What a step could read when it began. It is read from the job's record when somebody opens it. */
import { useState } from "react";
import { useStepInput } from "@/api";
import { JsonValue } from "@/features/payload/JsonValue";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";

interface StepInputProps {
  job: number;
  step: string;
  attempts: number;
}

export function StepInput({ job, step, attempts }: StepInputProps) {
  const { t } = useTranslation("jobs");
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useStepInput(job, step, attempts, isOpen);
  const values = data?.values ?? {};
  const isEmpty = Object.keys(values).length === 0;
  return (
    <details
      className={classes.input}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h2>{t("steps.input")}</h2>
        <span className="faint">{t("steps.inputHint")}</span>
      </summary>
      {error && <p role="alert">{t("steps.inputFailed")}</p>}
      {data && isEmpty && <p className="muted">{t("steps.noInput")}</p>}
      {data && !isEmpty && <JsonValue label={t("steps.input")} value={values} />}
      {data && data.truncated.length > 0 && (
        <p className="faint">{t("steps.inputTruncated", { names: data.truncated.join(", ") })}</p>
      )}
    </details>
  );
}
