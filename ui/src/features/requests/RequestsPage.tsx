import { SegmentedControl, Select } from "@mantine/core";
import { IconFilter, IconFilterOff, IconInbox } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCounted, useFlows, useRequest, useRequests } from "@/api";
import { DataTable, EmptyState, ErrorPanel, Loading, PageHeader, SplitPane } from "@/design";
import { LiveControl } from "@/features/live/LiveControl";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { NoRequests } from "./NoRequests";
import { RequestPane } from "./RequestPane";
import { useRequestColumns } from "./requestColumns";
import classes from "./Requests.module.css";
import { VERDICTS, type RequestsSearch } from "./search";

const route = getRouteApi("/requests");

export function RequestsPage() {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { id, ...filter } = route.useSearch();
  const requests = useRequests(filter);
  const columns = useRequestColumns();
  const change = (search: RequestsSearch) =>
    void navigate({ to: "/requests", search: { ...filter, id, ...search }, replace: true });
  const select = ({ id: chosen }: { id: string }) => change({ id: chosen });
  const shown = id ?? requests.rows[0]?.id;
  useVerdictCommands(change);
  return (
    <>
      <PageHeader
        title={t("title")}
        beside={<Filters filter={filter} onChange={change} />}
        actions={<LiveControl list="requests" onResume={requests.retry} />}
      />
      {requests.error && requests.rows.length === 0 ? (
        <ErrorPanel error={requests.error} onRetry={requests.retry} />
      ) : requests.loading ? (
        <Loading />
      ) : requests.rows.length === 0 && !id ? (
        <NoRequests filtered={Boolean(filter.verdict ?? filter.flow)} />
      ) : (
        <SplitPane name="requests" side={<Side id={shown} />}>
          <Counted />
          <DataTable
            label={t("list")}
            rows={requests.rows}
            columns={columns}
            selected={shown}
            onOpen={select}
            onMove={select}
            onEnd={requests.loadMore}
            empty={<NoRequests filtered />}
          />
        </SplitPane>
      )}
    </>
  );
}

function useVerdictCommands(change: (search: RequestsSearch) => void) {
  const { t } = useTranslation(["requests", "common"]);
  useCommands([
    ...VERDICTS.map((verdict) => ({
      id: `requests.${verdict}`,
      label: t("requests:command.filter", { verdict: t(`common:status.${verdict}`).toLowerCase() }),
      Icon: IconFilter,
      run: () => change({ verdict }),
    })),
    {
      id: "requests.all",
      label: t("requests:command.all"),
      Icon: IconFilterOff,
      run: () => change({ verdict: undefined, flow: undefined }),
    },
  ]);
}

function Side({ id }: { id: string | undefined }) {
  const { t } = useTranslation("requests");
  const { data, error, refetch } = useRequest(id);
  if (!id) return <EmptyState Icon={IconInbox} title={t("title")} text={t("select")} />;
  if (data) return <RequestPane request={data} withJobLink />;
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
}

interface FiltersProps {
  filter: RequestsSearch;
  onChange: (change: RequestsSearch) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation(["requests", "common"]);
  const flows = useFlows().data?.items ?? [];
  const choices = VERDICTS.map((value) => ({ value, label: t(`common:status.${value}`) }));
  return (
    <>
      <SegmentedControl
        aria-label={t("requests:filter.verdict")}
        data={[{ value: "", label: t("requests:filter.all") }, ...choices]}
        value={filter.verdict ?? ""}
        onChange={(value) => onChange({ verdict: VERDICTS.find((each) => each === value) })}
      />
      <Select
        aria-label={t("requests:filter.flow")}
        placeholder={t("requests:filter.anyFlow")}
        data={flows.map(({ name, title }) => ({ value: name, label: title || name }))}
        value={filter.flow ?? null}
        onChange={(flow) => onChange({ flow: flow ?? undefined })}
        clearable
        searchable
        w={150}
      />
    </>
  );
}

function Counted() {
  const { t } = useTranslation("requests");
  const { data } = useCounted();
  const total = (data?.items ?? []).reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return <p className={classes.counted}>{t("counted", { count: total, total })}</p>;
}
