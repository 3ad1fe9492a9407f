/** What can be done with a job: end it, run it again, or go on where it failed. */
import { Button } from "@mantine/core";
import {
  IconArrowsDiff,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconRefresh,
  IconRoute,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { cancelJob, continueJob, replayJob, type JobDetail } from "@/api";
import { ConfirmedAction, useAction } from "@/design";
import { ReplayModal } from "@/features/replays/ReplayModal";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";

const CompareModal = lazy(() => import("@/features/compare/CompareModal"));

export function JobActions({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const [dialog, setDialog] = useState<"cancel" | "replay" | "compare">();
  const close = () => setDialog(undefined);
  const goOn = useContinue(job);
  const hasEnded = job.ended_at !== null;
  // Who is about to press it while the job ends must not press what would come in its place.
  const [wasUnderWay] = useState(!hasEnded);
  const canContinue = hasEnded && job.status !== "complete";
  const openCanvas = useOpenCanvas(job);
  const commands = [
    {
      id: "job.canvas",
      label: t("canvas.command"),
      Icon: IconRoute,
      run: openCanvas,
    },
    {
      id: "job.compare",
      label: t("compare.command"),
      Icon: IconArrowsDiff,
      run: () => setDialog("compare"),
    },
    {
      id: "job.replay",
      label: t("replay.command"),
      Icon: IconRefresh,
      run: () => setDialog("replay"),
    },
    ...(hasEnded
      ? []
      : [
          {
            id: "job.cancel",
            label: t("cancel.command"),
            Icon: IconPlayerStop,
            run: () => setDialog("cancel"),
          },
        ]),
    ...(canContinue
      ? [
          {
            id: "job.continue",
            label: t("continue.command"),
            Icon: IconPlayerSkipForward,
            run: () => goOn.mutate(),
          },
        ]
      : []),
  ];
  useCommands(commands);
  return (
    <>
      {canContinue && (
        <Button
          leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
          title={t("continue.hint")}
          loading={goOn.isPending}
          onClick={() => goOn.mutate()}
        >
          {t("continue.action")}
        </Button>
      )}
      {(!hasEnded || wasUnderWay) && (
        <Button
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          disabled={hasEnded}
          onClick={() => setDialog("cancel")}
        >
          {t("cancel.action")}
        </Button>
      )}
      <Button
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setDialog("replay")}
      >
        {t("replay.action")}
      </Button>
      <Button leftSection={<IconRoute size={16} aria-hidden />} onClick={openCanvas}>
        {t("canvas.action")}
      </Button>
      <Button
        leftSection={<IconArrowsDiff size={16} aria-hidden />}
        onClick={() => setDialog("compare")}
      >
        {t("compare.action")}
      </Button>
      {dialog === "compare" && (
        <Suspense>
          <CompareModal kind="jobs" id={String(job.id)} onClose={close} />
        </Suspense>
      )}
      {dialog === "cancel" && <CancelModal job={job} onClose={close} />}
      {dialog === "replay" && (
        <ReplayModal
          title={t("replay.title", { id: job.id })}
          text={t("replay.text")}
          hasOriginal
          replay={(options) => replayJob(job.id, options)}
          stale={[]}
          onClose={close}
        />
      )}
    </>
  );
}

function CancelModal({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const { t } = useTranslation("jobs");
  return (
    <ConfirmedAction
      title={t("cancel.title", { id: job.id })}
      text={t("cancel.text")}
      confirm={t("cancel.submit")}
      run={() => cancelJob(job.id)}
      stale={["jobs", `job:${job.id}`, "deliveries", "status"]}
      done={t("cancel.done", { id: job.id })}
      onClose={onClose}
    />
  );
}

function useContinue(job: JobDetail) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  return useAction({
    run: () => continueJob(job.id),
    stale: () => ["jobs"],
    done: (_, { job_id }) => t("replay.done", { id: job_id }),
    onDone: ({ job_id }) => void navigate({ to: "/jobs/$id", params: { id: String(job_id) } }),
  });
}

/** The flow's page draws the job: which way it went, and what each step gave. */
function useOpenCanvas({ id, flow }: JobDetail) {
  const navigate = useNavigate();
  return () => void navigate({ to: "/flows/$name", params: { name: flow }, search: { job: id } });
}
