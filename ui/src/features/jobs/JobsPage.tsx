import { Button, Select } from "@mantine/core";
import { IconFilter, IconFilterOff, IconPlayerPlay } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useFlows, useJobs, type JobStatus } from "@/api";
import { DataTable, EmptyState, ErrorPanel, Loading, PageHeader } from "@/design";
import { LiveControl } from "@/features/live/LiveControl";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { useJobColumns } from "./jobColumns";
import { JOB_STATUSES } from "./search";

const route = getRouteApi("/jobs");

export function JobsPage() {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const filter = route.useSearch();
  const jobs = useJobs(filter);
  const columns = useJobColumns();
  const setFilter = (change: typeof filter) =>
    void navigate({ to: "/jobs", search: { ...filter, ...change }, replace: true });
  const open = useCallback(
    (job: { id: number }) => void navigate({ to: "/jobs/$id", params: { id: String(job.id) } }),
    [navigate],
  );
  useCommands([
    {
      id: "jobs.failed",
      label: t("command.filterFailed"),
      Icon: IconFilter,
      run: () => setFilter({ status: "failed" }),
    },
    {
      id: "jobs.all",
      label: t("command.filterAll"),
      Icon: IconFilterOff,
      run: () => setFilter({ status: undefined, flow: undefined }),
    },
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        beside={<Filters filter={filter} onChange={setFilter} />}
        actions={<LiveControl list="jobs" onResume={jobs.retry} />}
      />
      {jobs.error && jobs.rows.length === 0 ? (
        <ErrorPanel error={jobs.error} onRetry={jobs.retry} />
      ) : jobs.loading ? (
        <Loading />
      ) : (
        <DataTable
          label={t("list")}
          rows={jobs.rows}
          columns={columns}
          onOpen={open}
          onEnd={jobs.loadMore}
          empty={<NoJobs filtered={Boolean(filter.status ?? filter.flow)} />}
        />
      )}
    </>
  );
}

interface FiltersProps {
  filter: { status?: JobStatus | undefined; flow?: string | undefined };
  onChange: (change: FiltersProps["filter"]) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation(["jobs", "common"]);
  const flows = useFlows().data?.items ?? [];
  return (
    <>
      <Select
        aria-label={t("jobs:filter.status")}
        placeholder={t("jobs:filter.anyStatus")}
        data={JOB_STATUSES.map((value) => ({ value, label: t(`common:status.${value}`) }))}
        value={filter.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
        clearable
        w={150}
      />
      <Select
        aria-label={t("jobs:filter.flow")}
        placeholder={t("jobs:filter.anyFlow")}
        data={flows.map(({ name, title }) => ({ value: name, label: title || name }))}
        value={filter.flow ?? null}
        onChange={(flow) => onChange({ flow: flow ?? undefined })}
        clearable
        searchable
        w={180}
      />
    </>
  );
}

function NoJobs({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  if (filtered) {
    return (
      <EmptyState
        Icon={IconFilterOff}
        title={t("empty.filteredTitle")}
        text={t("empty.filteredText")}
        action={
          <Button onClick={() => void navigate({ to: "/jobs", search: {} })}>
            {t("command.filterAll")}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      Icon={IconPlayerPlay}
      title={t("empty.title")}
      text={t("empty.text")}
      action={
        <Button variant="filled" onClick={() => void navigate({ to: "/flows" })}>
          {t("empty.action")}
        </Button>
      }
    />
  );
}
