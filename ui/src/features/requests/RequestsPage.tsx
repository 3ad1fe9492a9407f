import { SegmentedControl } from "@mantine/core";
import { IconFilter, IconFilterOff, IconInbox } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCounted, useRequest, useRequests } from "@/api";
import { EmptyState, ErrorPanel, Loading } from "@/design";
import { FlowFilter } from "@/features/lists/filters";
import { ListPage } from "@/features/lists/ListPage";
import { NoneFit } from "@/features/lists/NoneFit";
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
  const { id: chosen, ...filter } = route.useSearch();
  const change = (changed: RequestsSearch) => {
    const search = { ...filter, id: chosen, ...changed };
    void navigate({ to: "/requests", search, replace: true });
  };
  const clear = () => change({ verdict: undefined, flow: undefined });
  useVerdictCommands(change, clear);
  const isFiltered = filter.verdict !== undefined || filter.flow !== undefined;
  return (
    <ListPage
      list="requests"
      title={t("title")}
      label={t("list")}
      query={useRequests(filter)}
      columns={useRequestColumns()}
      onOpen={({ id }) => change({ id })}
      filters={
        <>
          <VerdictFilter value={filter.verdict} onChange={(verdict) => change({ verdict })} />
          <FlowFilter value={filter.flow} onChange={(flow) => change({ flow })} />
        </>
      }
      empty={
        isFiltered ? (
          <NoneFit
            title={t("empty.filteredTitle")}
            text={t("empty.filteredText")}
            clear={t("command.all")}
            onClear={clear}
          />
        ) : (
          <NoRequests />
        )
      }
      side={{ width: 440, chosen, render: (id) => <Side id={id} />, above: <Counted /> }}
    />
  );
}

function useVerdictCommands(change: (search: RequestsSearch) => void, clear: () => void) {
  const { t } = useTranslation(["requests", "common"]);
  useCommands([
    ...VERDICTS.map((verdict) => ({
      id: `requests.${verdict}`,
      label: t("requests:command.filter", { verdict: t(`common:status.${verdict}`).toLowerCase() }),
      Icon: IconFilter,
      run: () => change({ verdict }),
    })),
    { id: "requests.all", label: t("requests:command.all"), Icon: IconFilterOff, run: clear },
  ]);
}

function Side({ id }: { id: string | undefined }) {
  const { t } = useTranslation("requests");
  const { data, error, refetch } = useRequest(id);
  if (!id) return <EmptyState Icon={IconInbox} title={t("title")} text={t("select")} />;
  if (data) return <RequestPane request={data} withJobLink />;
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
}

interface VerdictFilterProps {
  value: RequestsSearch["verdict"];
  onChange: (verdict: RequestsSearch["verdict"]) => void;
}

function VerdictFilter({ value, onChange }: VerdictFilterProps) {
  const { t } = useTranslation(["requests", "common"]);
  const choices = VERDICTS.map((each) => ({ value: each, label: t(`common:status.${each}`) }));
  return (
    <SegmentedControl
      aria-label={t("requests:filter.verdict")}
      data={[{ value: "", label: t("requests:filter.all") }, ...choices]}
      value={value ?? ""}
      onChange={(chosen) => onChange(VERDICTS.find((each) => each === chosen))}
    />
  );
}

function Counted() {
  const { t } = useTranslation("requests");
  const { data } = useCounted();
  const total = (data?.items ?? []).reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return <p className={classes.counted}>{t("counted", { count: total, total })}</p>;
}
