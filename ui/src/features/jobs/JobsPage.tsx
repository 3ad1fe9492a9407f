import { Button } from "@mantine/core";
import { IconFilter, IconFilterOff, IconPlayerPlay } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useJobs } from "@/api";
import { EmptyState } from "@/design";
import { FlowFilter, StatusFilter } from "@/features/lists/filters";
import { ListPage } from "@/features/lists/ListPage";
import { NoneFit } from "@/features/lists/NoneFit";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { useJobColumns } from "./jobColumns";
import { JOB_STATUSES, type JobsSearch } from "./search";

const route = getRouteApi("/jobs");

export function JobsPage() {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const filter = route.useSearch();
  const change = (changed: JobsSearch) =>
    void navigate({ to: "/jobs", search: { ...filter, ...changed }, replace: true });
  const clear = () => change({ status: undefined, flow: undefined });
  useFilterCommands(change, clear);
  const isFiltered = filter.status !== undefined || filter.flow !== undefined;
  return (
    <ListPage
      list="jobs"
      title={t("title")}
      label={t("list")}
      query={useJobs(filter)}
      columns={useJobColumns()}
      onOpen={({ id }) => void navigate({ to: "/jobs/$id", params: { id: String(id) } })}
      filters={
        <>
          <StatusFilter
            statuses={JOB_STATUSES}
            value={filter.status}
            onChange={(status) => change({ status })}
          />
          <FlowFilter value={filter.flow} onChange={(flow) => change({ flow })} />
        </>
      }
      empty={
        isFiltered ? (
          <NoneFit
            title={t("empty.filteredTitle")}
            text={t("empty.filteredText")}
            clear={t("command.filterAll")}
            onClear={clear}
          />
        ) : (
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
        )
      }
    />
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
