/** A template was just made: send it a test, and see its job as it runs. */
import { Button } from "@mantine/core";
import { IconCheck, IconSend, IconX } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { sendToEndpoint, useJob } from "@/api";
import {
  CopyButton,
  ErrorPanel,
  formatDuration,
  IconAction,
  StatusPill,
  useAction,
} from "@/design";
import { SentResult } from "@/features/sending/SentResult";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";
import { TEMPLATE } from "./templates";
import type { Started } from "./useTemplate";

export function StartedCard({ started, onClose }: { started: Started; onClose: () => void }) {
  const { t } = useTranslation("home");
  const navigate = useNavigate();
  const { flow, endpoint, sample } = TEMPLATE[started.name];
  const test = useAction({
    run: () =>
      sendToEndpoint({
        flow,
        endpoint,
        method: "POST",
        headers: sample.headers,
        body: JSON.stringify(sample.body),
        sign: true,
      }),
    stale: () => ["requests", "jobs", "status", "statistics"],
    quiet: true,
  });
  return (
    <section className={`card ${classes.started}`} aria-labelledby="started">
      <div className={classes.cardHead}>
        <IconCheck size={18} stroke={2} aria-hidden className={classes.good} />
        <h2 id="started">{t("started.title", { name: t(`templates.${started.name}.title`) })}</h2>
        <IconAction Icon={IconX} label={t("started.close")} onClick={onClose} />
      </div>
      <p className="muted">{t(`templates.${started.name}.next`)}</p>
      <Made made={started.made} />
      <div className={classes.buttons}>
        <Button
          variant={test.data ? "default" : "filled"}
          leftSection={<IconSend size={16} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {t(test.data ? "started.again" : "started.send")}
        </Button>
        <Button onClick={() => void navigate({ to: "/flows/$name", params: { name: flow } })}>
          {t("started.openFlow")}
        </Button>
      </div>
      {test.error && <ErrorPanel error={test.error} inline />}
      {test.data && test.data.job_id !== null && <LiveJob id={test.data.job_id} />}
      {test.data && <SentResult sent={test.data} />}
    </section>
  );
}

/** The secrets that were made: a sender such as GitHub needs its own, and it is shown only here. */
function Made({ made }: { made: Started["made"] }) {
  const { t } = useTranslation("home");
  if (made.length === 0) return null;
  return (
    <p className={classes.made}>
      <span className="muted">{t("started.made", { count: made.length })}</span>
      {made.map(({ name, value }) => (
        <span key={name} className={classes.secret}>
          <span className="mono">{name}</span>
          <CopyButton text={value} label={t("started.copySecret", { name })} />
        </span>
      ))}
    </p>
  );
}

function LiveJob({ id }: { id: number }) {
  const { t } = useTranslation("home");
  const { data: job } = useJob(id);
  if (!job) return null;
  return (
    <div className={classes.liveJob} role="status">
      <Link to="/jobs/$id" params={{ id: String(id) }} className="strong">
        {t("started.job", { id })}
      </Link>
      <StatusPill status={job.status} />
      {typeof job.duration_ms === "number" && (
        <span className="muted num">{formatDuration(job.duration_ms)}</span>
      )}
      <ol className={classes.liveSteps} aria-label={t("started.steps")}>
        {job.steps.map((step) => (
          <li key={step.name}>
            <span>{step.name}</span> <StatusPill status={step.status} />
          </li>
        ))}
      </ol>
    </div>
  );
}
