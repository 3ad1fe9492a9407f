/** Every job, live: filtered, searched, and several at a time canceled, run again or compared. */
import { Button } from "@mantine/core";
import { IconFilter, IconFilterOff, IconPlayerPlay } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { memo, useCallback } from "react";
import { useJobs } from "@/api";
import { EmptyState } from "@/design";
import { FlowFilter, StatusFilter } from "@/features/lists/filters";
import { ListPage } from "@/features/lists/ListPage";
import { NoneFit } from "@/features/lists/NoneFit";
import { SearchField } from "@/features/lists/SearchField";
import { useMarks } from "@/features/lists/useMarks";
import { SavedViews } from "@/features/views/SavedViews";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { useJobColumns } from "./jobColumns";
import { useJobMenu } from "./jobMenu";
import { MarkedJobs } from "./MarkedJobs";
import { JOB_STATUSES, jobsSearch, type JobsSearch } from "./search";

const route = getRouteApi("/jobs");
const NO_FILTER = { status: undefined, flow: undefined, search: undefined };

export function JobsPage() {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const filter = route.useSearch();
  const { status, flow, search } = filter;
  const change = useChange();
  const clear = () => change(NO_FILTER);
  useFilterCommands(change, clear);
  const isFiltered = [status, flow, search].some((each) => each !== undefined);
  const query = useJobs(filter);
  const marks = useMarks(query.rows, ({ id }) => t("mark", { id }));
  return (
    <ListPage
      list="jobs"
      title={t("title")}
      label={t("list")}
      query={query}
      columns={useJobColumns()}
      onOpen={({ id }) => void navigate({ to: "/jobs/$id", params: { id: String(id) } })}
      isSearch={search !== undefined}
      marks={marks}
      markActions={(jobs, clearMarks) => <MarkedJobs jobs={jobs} onDone={clearMarks} />}
      menuOf={useJobMenu(change)}
      filters={<JobFilters status={status} flow={flow} search={search} change={change} />}
      empty={
        isFiltered ? (
          <NoneFit
            title={t("empty.filteredTitle")}
            text={t("empty.filteredText")}
            clear={t("command.filterAll")}
            onClear={clear}
          />
        ) : (
          <NoJobs />
        )
      }
    />
  );
}

interface JobFiltersProps extends JobsSearch {
  change: (filter: JobsSearch) => void;
}

/** They stay as they are while jobs come in. */
const JobFilters = memo(function JobFilters({ status, flow, search, change }: JobFiltersProps) {
  const { t } = useTranslation("jobs");
  const onSearch = useCallback((words: string | undefined) => change({ search: words }), [change]);
  return (
    <>
      <SearchField label={t("search")} value={search} onChange={onSearch} />
      <StatusFilter
        statuses={JOB_STATUSES}
        value={status}
        onChange={(next) => change({ status: next })}
      />
      <FlowFilter value={flow} onChange={(next) => change({ flow: next })} />
      <SavedViews
        list="jobs"
        filter={{ status, flow, search }}
        onChoose={(view) => change({ ...NO_FILTER, ...jobsSearch(view) })}
      />
    </>
  );
});

function NoJobs() {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
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

function useChange() {
  const navigate = useNavigate();
  return useCallback(
    (changed: JobsSearch) =>
      void navigate({
        to: "/jobs",
        search: (before) => ({ ...jobsSearch(before), ...changed }),
        replace: true,
      }),
    [navigate],
  );
}

function useFilterCommands(change: (filter: JobsSearch) => void, clear: () => void) {
  const { t } = useTranslation("jobs");
  useCommands([
    {
      id: "jobs.failed",
      label: t("command.filterFailed"),
      Icon: IconFilter,
      run: () => change({ status: "failed" }),
    },
    { id: "jobs.all", label: t("command.filterAll"), Icon: IconFilterOff, run: clear },
  ]);
}
