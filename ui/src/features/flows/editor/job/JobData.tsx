/** What a part had in a job: a step what it sent and left, a trigger what came in, an output its result. */
import type { JobDetail, StepExecution } from "@/api";
import { CodeView, CopyButton, Facts, formatDuration, HttpMessage, StatusPill } from "@/design";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { loadTexts, useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../../FlowPage.module.css";
import type { GraphNode } from "../../graph";

loadTexts("jobs");

export default function JobData({ job, node }: { job: JobDetail; node: GraphNode }) {
  const { t } = useTranslation("editor");
  const name = node.kind === "output" ? text(node.part?.fields.step) : (node.part?.name ?? "");
  const step = job.steps.find((each) => each.name === name);
  if (node.kind === "step" || node.kind === "output") {
    return step ? <StepData step={step} /> : <p className="muted">{t("job.none")}</p>;
  }
  return <Value title={t("job.memory")} value={job.memory} />;
}

function StepData({ step }: { step: StepExecution }) {
  const { t } = useTranslation(["jobs", "editor"]);
  const attempt = step.attempts.at(-1);
  const took = attempt?.ended_at && Date.parse(attempt.ended_at) - Date.parse(attempt.started_at);
  const hasData = step.data !== undefined && step.data !== null;
  const logs = attempt?.logs ?? [];
  return (
    <>
      <div>
        <StatusPill status={step.status} {...(step.exit_code ? { detail: step.exit_code } : {})} />
      </div>
      <Facts
        facts={[
          {
            name: t("jobs:steps.duration"),
            value: typeof took === "number" && formatDuration(took),
          },
          { name: t("editor:job.attempts"), value: step.attempts.length },
        ]}
      />
      {step.error && <FaultPanel fault={step.error} />}
      {hasData ? (
        <Value title={t("jobs:steps.output")} value={step.data} />
      ) : (
        <p className="muted">{t("jobs:steps.noOutput")}</p>
      )}
      {step.data_truncated && <p className="faint">{t("jobs:steps.truncated")}</p>}
      {attempt?.sent && (
        <section className={classes.field}>
          <h3>{t("jobs:steps.sent")}</h3>
          <HttpMessage
            label={t("jobs:steps.sent")}
            url={attempt.sent.url}
            headers={attempt.sent.headers}
            body={attempt.sent.body}
          />
        </section>
      )}
      {logs.length > 0 && (
        <section className={classes.field}>
          <h3>{t("jobs:steps.log")}</h3>
          <CodeView label={t("jobs:steps.log")} text={logs.join("\n")} language="plain" />
        </section>
      )}
    </>
  );
}

function Value({ title, value }: { title: string; value: unknown }) {
  const { t } = useTranslation("editor");
  const written = JSON.stringify(value, null, 2);
  return (
    <section className={classes.field}>
      <h3>
        {title}
        <CopyButton text={written} label={t("job.copy", { what: title })} />
      </h3>
      <CodeView label={title} text={written} language="json" />
    </section>
  );
}
