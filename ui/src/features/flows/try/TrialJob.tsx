/** A trial job as it goes on: its state, and that of each of its steps. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconExternalLink, IconPinFilled, IconPlayerStop } from "@tabler/icons-react";
import { cancelJob, useJob, type StepExecution } from "@/api";
import { CodeView, ErrorPanel, Loading, StatusPill, useAction } from "@/design";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { useTranslation } from "@/i18n";
import { intoView } from "./intoView";
import own from "./Try.module.css";

export function TrialJob({ id }: { id: number }) {
  const { t } = useTranslation("forms");
  const { data: job, error } = useJob(id);
  if (error && !job) {
    return (
      <div className={own.result}>
        <ErrorPanel error={error} inline />
      </div>
    );
  }
  if (!job) return <Loading />;
  return (
    <section ref={intoView} className={own.result} aria-label={t("try.trial", { id })}>
      <div className={own.outcome} role="status">
        <span className="strong">{t("try.trial", { id })}</span>
        <StatusPill status={job.status} />
        <Link to="/jobs/$id" params={{ id: String(id) }} className={own.link}>
          {t("try.openJob")} <IconExternalLink size={14} aria-hidden />
        </Link>
        {job.ended_at === null && <Cancel id={id} />}
      </div>
      <ul className={own.steps} aria-label={t("try.steps")}>
        {job.steps.map((step) => (
          <TrialStep key={step.name} step={step} />
        ))}
      </ul>
    </section>
  );
}

/** Without asking: a trial takes effect nowhere, and the next one is a click away. */
function Cancel({ id }: { id: number }) {
  const { t } = useTranslation("forms");
  const cancel = useAction({
    run: () => cancelJob(id),
    stale: () => [`job:${id}`],
    done: () => t("try.canceled", { id }),
  });
  return (
    <Button
      leftSection={<IconPlayerStop size={16} aria-hidden />}
      aria-label={t("try.cancelNamed", { id })}
      loading={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      {t("try.cancelTrial")}
    </Button>
  );
}

function TrialStep({ step }: { step: StepExecution }) {
  const { t } = useTranslation("forms");
  const hasMore = step.data !== null || step.error !== null;
  const line = (
    <>
      <span className="mono strong">{step.name}</span>
      <StatusPill status={step.status} />
      {step.exit_code !== null && <span className="mono muted">{step.exit_code}</span>}
      {step.pinned && (
        <span className={own.pinned}>
          <IconPinFilled size={12} aria-hidden /> {t("pin.mark")}
        </span>
      )}
    </>
  );
  if (!hasMore) return <li className={own.step}>{line}</li>;
  return (
    <li>
      <details>
        <summary className={own.step}>{line}</summary>
        {step.error && <FaultPanel fault={step.error} />}
        {step.data !== null && (
          <CodeView
            label={t("try.dataOf", { step: step.name })}
            text={
              typeof step.data === "string" ? step.data : (JSON.stringify(step.data, null, 2) ?? "")
            }
            language="json"
          />
        )}
      </details>
    </li>
  );
}
