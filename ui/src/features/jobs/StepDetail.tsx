/** One step execution: its attempts, what was sent, and the data it gave. */
import { useState } from "react";
import type { StepAttempt, StepExecution } from "@/api";
import {
  CodeView,
  CopyButton,
  curlCommand,
  Facts,
  formatDuration,
  HttpMessage,
  RelativeTime,
  shortId,
  StatusPill,
} from "@/design";
import { AttemptList } from "@/features/attempts/AttemptList";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { JsonValue } from "@/features/payload/JsonValue";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";
import { StepInput } from "./StepInput";

/** Kinds of steps that call somebody. */
const SENDING = ["http", "remote", "llm"];

export function StepDetail({ job, step }: { job: number; step: StepExecution }) {
  const [chosen, setChosen] = useState<number>();
  const attempt = step.attempts.find(({ n }) => n === chosen) ?? step.attempts.at(-1);
  return (
    <div className={classes.detail}>
      <StepCard step={step} attempt={attempt} onChoose={setChosen} />
      <Sent kind={step.kind} attempt={attempt} />
      <Data job={job} step={step} attempt={attempt} />
    </div>
  );
}

interface StepCardProps {
  step: StepExecution;
  attempt: StepAttempt | undefined;
  onChoose: (n: number) => void;
}

function StepCard({ step, attempt, onChoose }: StepCardProps) {
  const { t } = useTranslation("jobs");
  return (
    <section className={`card ${classes.card}`}>
      <h2>{step.name}</h2>
      {step.attempts.length === 0 && (
        <p className="muted">
          {t(step.status === "skipped" ? "steps.skipped" : "steps.notStarted")}
        </p>
      )}
      <AttemptList
        attempts={step.attempts.map((each) => ({
          ...each,
          at: each.started_at,
          status: statusIn(step, each),
        }))}
        selected={attempt?.n}
        onSelect={onChoose}
        renderDetail={() => attempt && <AttemptFacts step={step} attempt={attempt} />}
      />
      <Facts
        facts={[
          {
            name: t(step.kind === "delay" ? "steps.goesOn" : "steps.nextAttempt"),
            value: step.waiting_until && <RelativeTime at={step.waiting_until} />,
          },
          {
            name: t("steps.execution"),
            value: step.execution_id && (
              <span className="mono" title={step.execution_id}>
                {shortId(step.execution_id)}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

/** An attempt that has begun and waits, as a delay does, is not one that runs. */
function statusIn(step: StepExecution, attempt: StepAttempt): string {
  return attempt.ended_at === null && step.status === "waiting" ? "waiting" : attempt.status;
}

function AttemptFacts({ step, attempt }: { step: StepExecution; attempt: StepAttempt }) {
  const { t } = useTranslation("jobs");
  if (!attempt.ended_at) return <StatusPill status={statusIn(step, attempt)} />;
  const duration = Date.parse(attempt.ended_at) - Date.parse(attempt.started_at);
  return <Facts facts={[{ name: t("steps.duration"), value: formatDuration(duration) }]} />;
}

function Sent({ kind, attempt }: { kind: string; attempt: StepAttempt | undefined }) {
  const { t } = useTranslation("jobs");
  const sent = attempt?.sent;
  // A script or a wait sends nothing, so it needs no place that says so.
  if (!sent && !SENDING.includes(kind)) return null;
  return (
    <section>
      <div className={classes.sectionTitle}>
        <h2>{t("steps.sent")}</h2>
        {sent && <span className="mono muted">{sent.method}</span>}
        {sent && (
          <CopyButton
            text={() => curlCommand(sent)}
            label={t("steps.copyCurl")}
            words={t("steps.curl")}
          />
        )}
      </div>
      {sent ? (
        <HttpMessage
          label={t("steps.sent")}
          url={sent.url}
          headers={sent.headers}
          body={sent.body}
        />
      ) : (
        <p className="muted">{t("steps.notSent")}</p>
      )}
    </section>
  );
}

interface DataProps {
  job: number;
  step: StepExecution;
  attempt: StepAttempt | undefined;
}

function Data({ job, step, attempt }: DataProps) {
  const { t } = useTranslation("jobs");
  const hasData = step.data !== undefined && step.data !== null;
  return (
    <section className={classes.column}>
      {step.attempts.length > 0 && (
        <StepInput job={job} step={step.name} attempts={step.attempts.length} />
      )}
      <div>
        <div className={classes.sectionTitle}>
          <h2>{t("steps.output")}</h2>
          {step.exit_code && <span className="mono muted">{step.exit_code}</span>}
          {hasData && (
            <CopyButton
              text={() => JSON.stringify(step.data, null, 2)}
              label={t("steps.copyOutput")}
            />
          )}
        </div>
        {hasData ? (
          <JsonValue label={t("steps.output")} value={step.data} root={`steps.${step.name}.data`} />
        ) : (
          <p className="muted">{t("steps.noOutput")}</p>
        )}
        {step.data_truncated && <p className="faint">{t("steps.truncated")}</p>}
      </div>
      <Log step={step} attempt={attempt} />
      {step.error && <FaultPanel fault={step.error} />}
    </section>
  );
}

/** What a script said to people, of the attempt that is looked at. */
function Log({ step, attempt }: { step: StepExecution; attempt: StepAttempt | undefined }) {
  const { t } = useTranslation("jobs");
  const lines = attempt?.logs ?? [];
  if (lines.length === 0 && step.kind !== "script") return null;
  const text = lines.join("\n");
  return (
    <div>
      <div className={classes.sectionTitle}>
        <h2>{t("steps.log")}</h2>
        {lines.length > 0 && (
          <span className="muted">{t("steps.logLines", { count: lines.length })}</span>
        )}
        {lines.length > 0 && <CopyButton text={text} label={t("steps.copyLog")} />}
      </div>
      {lines.length > 0 ? (
        <CodeView label={t("steps.log")} text={text} language="plain" />
      ) : (
        <p className="muted">{t("steps.noLog")}</p>
      )}
    </div>
  );
}
