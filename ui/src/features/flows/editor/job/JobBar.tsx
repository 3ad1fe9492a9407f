/** Which job is on the drawing, and how it stands to the draft. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { JobDetail } from "@/api";
import { StatusPill } from "@/design";
import { useTranslation } from "@/i18n";
import own from "../room/Room.module.css";

interface JobBarProps {
  job: JobDetail;
  flow: { name: string; version: number | null; draft_changed: boolean };
  onClose: () => void;
}

export function JobBar({ job, flow, onClose }: JobBarProps) {
  const { t } = useTranslation("editor");
  const id = job.id;
  const isSame = job.version === flow.version && !flow.draft_changed;
  const words =
    job.flow !== flow.name
      ? t("job.otherFlow", { id, flow: job.flow })
      : isSame
        ? t("job.bar", { id })
        : t("job.other", { id, version: job.version });
  return (
    <div className={own.jobBar} role="status">
      <StatusPill status={job.status} />
      <span>{words}</span>
      <Link to="/jobs/$id" params={{ id: String(id) }}>
        {t("job.open")}
      </Link>
      <Button onClick={onClose}>{t("job.close")}</Button>
    </div>
  );
}
