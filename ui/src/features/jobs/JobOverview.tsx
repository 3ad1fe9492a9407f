import { Link } from "@tanstack/react-router";
import type { JobDetail, JobOutput } from "@/api";
import { CopyButton, Facts, formatDuration, formatExact, shortId, StatusPill } from "@/design";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { JsonTree } from "@/features/payload/JsonTree";
import { JsonValue } from "@/features/payload/JsonValue";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";
import { TriggerWords } from "./jobWords";

export function JobOverview({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  return (
    <div className={classes.overview}>
      <section className={`card ${classes.card}`}>
        <h2>{t("overview.facts")}</h2>
        <JobFacts job={job} />
      </section>
      <div className={classes.column}>
        {job.error && <FaultPanel title={t("overview.error")} fault={job.error} />}
        <Outputs outputs={job.outputs} />
        <Memory memory={job.memory} />
      </div>
    </div>
  );
}

function JobFacts({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const requestId = job.replayed_request_id ?? job.request_id;
  return (
    <Facts
      facts={[
        {
          name: t("overview.flow"),
          value: (
            <Link to="/flows/$name" params={{ name: job.flow }}>
              {job.flow_title || job.flow}
            </Link>
          ),
        },
        { name: t("overview.version"), value: job.version },
        {
          name: t("overview.trigger"),
          value: <TriggerWords trigger={job.trigger} name={job.trigger_name} />,
        },
        {
          name: t("overview.replayOf"),
          value: job.replay_of !== null && (
            <Link to="/jobs/$id" params={{ id: String(job.replay_of) }}>
              {t("job", { id: job.replay_of })}
            </Link>
          ),
        },
        {
          name: t("overview.request"),
          value: (
            <Link to="/requests" search={{ id: requestId }} title={requestId}>
              <span className="mono">{shortId(requestId)}</span>
            </Link>
          ),
        },
        { name: t("overview.queued"), value: formatExact(job.queued_at) },
        { name: t("overview.started"), value: job.started_at && formatExact(job.started_at) },
        { name: t("overview.ended"), value: job.ended_at && formatExact(job.ended_at) },
        {
          name: t("overview.duration"),
          value: typeof job.duration_ms === "number" ? formatDuration(job.duration_ms) : null,
        },
        {
          name: t("overview.secretState"),
          value: job.secret_state_names.length > 0 && (
            <>
              <span className="mono">{job.secret_state_names.join(", ")}</span>
              <p className="faint">{t("overview.secretStateHint")}</p>
            </>
          ),
        },
      ]}
    />
  );
}

function Outputs({ outputs }: { outputs: JobOutput[] }) {
  const { t } = useTranslation("jobs");
  return (
    <section>
      <div className={classes.sectionTitle}>
        <h2>{t("overview.outputs")}</h2>
      </div>
      {outputs.length === 0 && <p className="muted">{t("overview.noOutputs")}</p>}
      <div className={classes.column}>
        {outputs.map((output) => (
          <div key={output.id}>
            <div className={classes.sectionTitle}>
              <span className="strong">{output.name}</span>
              <StatusPill status={output.status} />
              <CopyButton
                text={() => JSON.stringify(output.data ?? null, null, 2)}
                label={t("overview.copyOutput", { name: output.name })}
              />
            </div>
            {output.data !== undefined && output.data !== null && (
              <JsonValue label={output.name} value={output.data} />
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

function Memory({ memory }: { memory: JobDetail["memory"] }) {
  const { t } = useTranslation("jobs");
  const text = JSON.stringify(memory, null, 2);
  const isEmpty = Object.keys(memory).length === 0;
  return (
    <section>
      <div className={classes.sectionTitle}>
        <h2>{t("overview.memory")}</h2>
        <span className="muted">{t("overview.memoryHint")}</span>
        <CopyButton text={text} label={t("overview.copyMemory")} />
      </div>
      {isEmpty ? (
        <p className="muted">{t("overview.noMemory")}</p>
      ) : (
        <JsonTree key={text} label={t("overview.memory")} text={text} />
      )}
    </section>
  );
}
