/** How a webhook task is delivered: attempts, time, certificates. */
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Problem } from "@/api";
import { useTranslation } from "@/i18n";
import { isFields } from "../../document";
import classes from "../common/Common.module.css";
import { LongTextField, SecretField, SwitchField } from "../common/fields";
import { Fold } from "../common/Fold";
import type { Slot } from "../common/slot";
import { DurationField } from "../fields/DurationField";
import { durationText } from "../fields/durations";
import { TIMEOUT_MAX_MS, TIMEOUT_USUAL_MS, waitsOf } from "./task";
import { WaitsField } from "./WaitsField";

interface TaskFoldsProps {
  slot: Slot;
  problems: Problem[];
}

export function TaskFolds({ slot, problems }: TaskFoldsProps) {
  const { t } = useTranslation("ways");
  const { fields, context } = slot;
  const isWrong = (...keys: string[]) =>
    problems.some(
      ({ severity, place }) =>
        severity === "error" &&
        keys.some((key) => `${place}/`.startsWith(`${context.place}/${key}/`)),
    );
  const retries = fields.retry_on_failure === false ? 0 : waitsOf(fields).length;
  const timeout = typeof fields.timeout_ms === "number" ? fields.timeout_ms : TIMEOUT_USUAL_MS;
  return (
    <div className={classes.folds}>
      <Fold
        title={t("task.attempts")}
        state={t("task.attemptsState", {
          count: retries + 1,
          timeout: durationText(timeout),
        })}
        isWrong={isWrong("retry_on_failure", "schedule_ms", "timeout_ms")}
      >
        <SwitchField
          slot={slot}
          name="retry_on_failure"
          label={t("task.retry_on_failure")}
          description={t("task.retryHint")}
          usual={true}
        />
        {fields.retry_on_failure !== false && <WaitsField slot={slot} />}
        <DurationField
          label={t("task.timeout_ms")}
          description={t("task.timeoutHint")}
          value={fields.timeout_ms}
          onChange={(ms) => slot.set("timeout_ms", ms)}
          context={context}
          defaultMs={TIMEOUT_USUAL_MS}
          minMs={1}
          maxMs={TIMEOUT_MAX_MS}
          error={slot.error("timeout_ms")}
        />
      </Fold>
      <Fold
        title={t("task.certificates")}
        state={certificateState()}
        isWrong={isWrong("validate_ssl", "ca_certificate", "client_certificate")}
      >
        <Certificates slot={slot} />
      </Fold>
    </div>
  );

  function certificateState(): string {
    if (fields.validate_ssl === false) return t("task.unchecked");
    const own = fields.ca_certificate !== undefined || isFields(fields.client_certificate);
    return t(own ? "task.ownCertificates" : "task.checked");
  }
}

function Certificates({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const client = slot.inner("client_certificate");
  return (
    <>
      <SwitchField slot={slot} name="validate_ssl" label={t("task.validate_ssl")} usual={true} />
      {slot.fields.validate_ssl === false && (
        <p className={classes.note}>
          <IconAlertTriangle size={16} aria-hidden />
          {t("task.uncheckedText")}
        </p>
      )}
      <LongTextField
        slot={slot}
        name="ca_certificate"
        label={t("task.ca_certificate")}
        description={t("task.caHint")}
        placeholder="-----BEGIN CERTIFICATE-----"
      />
      <div className={classes.way} role="group" aria-label={t("task.client_certificate")}>
        <div className={classes.wayHead}>{t("task.client_certificate")}</div>
        <p className={classes.hint}>{t("task.clientHint")}</p>
        <LongTextField
          slot={client}
          name="certificate"
          label={t("task.certificate")}
          description={t("task.certificateHint")}
          placeholder="-----BEGIN CERTIFICATE-----"
        />
        <SecretField
          slot={client}
          name="secret"
          label={t("task.clientKey")}
          description={t("task.clientKeyHint")}
          suggestion="client_key"
          noneLabel={t("task.noClientKey")}
        />
      </div>
    </>
  );
}
