/** What is done with several jobs at once. It shows how far it has come, and stops when told to. */
import { Button, Progress } from "@mantine/core";
import { IconArrowsDiff, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { cancelJob, replayJob, type JobSummary } from "@/api";
import { announce, ConfirmModal, notify } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./JobPage.module.css";

type Work = "cancel" | "replay";

const RUN: Record<Work, (id: number) => Promise<unknown>> = {
  cancel: cancelJob,
  replay: (id) => replayJob(id, { version: "original" }),
};

export function MarkedJobs({ jobs, onDone }: { jobs: JobSummary[]; onDone: () => void }) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Work>();
  const { progress, start, stop } = useWork(onDone);
  const running = jobs.filter(({ ended_at }) => ended_at === null);
  const of = (work: Work) => (work === "cancel" ? running : jobs);
  if (progress) {
    const { done, all } = progress;
    return (
      <>
        <Progress
          className={classes.progress}
          value={(done / all) * 100}
          aria-label={t("marked.progress")}
        />
        <span className="num">{t("marked.done", { done, all })}</span>
        <Button onClick={stop}>{t("marked.stop")}</Button>
      </>
    );
  }
  return (
    <>
      <Button
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        disabled={running.length === 0}
        onClick={() => setAsking("cancel")}
      >
        {t("marked.cancel")}
      </Button>
      <Button
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setAsking("replay")}
      >
        {t("marked.replay")}
      </Button>
      <Button
        leftSection={<IconArrowsDiff size={16} aria-hidden />}
        disabled={jobs.length !== 2}
        onClick={() => void navigate({ to: "/compare", search: comparison(jobs) })}
      >
        {t("marked.compare")}
      </Button>
      {asking && (
        <ConfirmModal
          title={t(`marked.${asking}Title`, { count: of(asking).length })}
          text={
            <>
              <p>{t(`marked.${asking}Text`)}</p>
              <p>{t("marked.which", { ids: idsOf(of(asking)) })}</p>
            </>
          }
          confirm={t(`marked.${asking}`)}
          onConfirm={() => {
            setAsking(undefined);
            void start(asking, of(asking));
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}

const NAMED_MAX = 20;

/** The ids of the first of them; how many there are stands in the title. */
function idsOf(jobs: JobSummary[]): string {
  const ids = jobs.slice(0, NAMED_MAX).map(({ id }) => String(id));
  return [...ids, ...(jobs.length > NAMED_MAX ? ["…"] : [])].join(", ");
}

/** The older one first. */
function comparison(jobs: JobSummary[]) {
  const [a = 0, b = 0] = jobs.map(({ id }) => id).sort((one, other) => one - other);
  return { kind: "jobs" as const, a: String(a), b: String(b) };
}

interface WorkProgress {
  done: number;
  all: number;
}

function useWork(onDone: () => void) {
  const { t } = useTranslation("jobs");
  const client = useQueryClient();
  const [progress, setProgress] = useState<WorkProgress>();
  const isStopped = useRef(false);

  async function start(work: Work, jobs: JobSummary[]) {
    isStopped.current = false;
    let failed = 0;
    let done = 0;
    for (const { id } of jobs) {
      if (isStopped.current) break;
      setProgress({ done, all: jobs.length });
      // One after the other: a hundred at once would hold up everything else.
      await RUN[work](id).catch(() => failed++);
      done++;
    }
    setProgress(undefined);
    void client.invalidateQueries({ queryKey: ["jobs"] });
    const message = t(`marked.${work}Done`, { count: done - failed });
    const trouble = failed > 0 ? ` ${t("marked.failed", { count: failed })}` : "";
    notify({ message: message + trouble, tone: failed > 0 ? "bad" : "good" });
    announce(message + trouble);
    onDone();
  }

  return { progress, start, stop: () => (isStopped.current = true) };
}
