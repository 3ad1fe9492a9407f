import { Button } from "@mantine/core";
import {
  IconArrowsDiff,
  IconEye,
  IconFilter,
  IconFilterOff,
  IconId,
  IconInbox,
  IconPlayerPlay,
  IconSend,
} from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, memo, Suspense, useCallback, useState } from "react";
import { useCounted, useRequest, useRequests, type RequestSummary } from "@/api";
import { EmptyState, ErrorPanel, formatClock, Loading, useCopy, type MenuEntry } from "@/design";
import { FlowFilter, StatusFilter } from "@/features/lists/filters";
import { ListPage } from "@/features/lists/ListPage";
import { NoneFit } from "@/features/lists/NoneFit";
import { SearchField } from "@/features/lists/SearchField";
import { useMarks } from "@/features/lists/useMarks";
import { SavedViews } from "@/features/views/SavedViews";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { NoRequests } from "./NoRequests";
import { RequestPane } from "./RequestPane";
import { useRequestColumns } from "./requestColumns";
import classes from "./Requests.module.css";
import { requestsSearch, VERDICTS, type RequestsSearch } from "./search";

const route = getRouteApi("/requests");

const NO_FILTER = { verdict: undefined, flow: undefined, search: undefined };

const SendTestDialog = lazy(() => import("@/features/sending/SendTestDialog"));

export function RequestsPage() {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { id: chosen, ...filter } = route.useSearch();
  const { verdict, flow, search } = filter;
  const [isSending, setSending] = useState(false);
  const change = useChange();
  const clear = () => change(NO_FILTER);
  useVerdictCommands(change, clear, () => setSending(true));
  const isFiltered = [verdict, flow, search].some((each) => each !== undefined);
  const query = useRequests(filter);
  const marks = useMarks(query.rows, ({ at }) => t("mark", { time: formatClock(at) }));
  return (
    <>
      <ListPage
        list="requests"
        title={t("title")}
        label={t("list")}
        query={query}
        columns={useRequestColumns()}
        onOpen={({ id }) => change({ id })}
        isSearch={search !== undefined}
        marks={marks}
        markActions={(rows) => (
          <Button
            leftSection={<IconArrowsDiff size={16} aria-hidden />}
            disabled={rows.length !== 2}
            onClick={() => void navigate({ to: "/compare", search: comparison(rows) })}
          >
            {t("compare.two")}
          </Button>
        )}
        menuOf={useRowMenu(change)}
        filters={<RequestFilters verdict={verdict} flow={flow} search={search} change={change} />}
        action={
          <Button
            variant="filled"
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={() => setSending(true)}
          >
            {t("sendTest")}
          </Button>
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
      {isSending && (
        <Suspense>
          <SendTestDialog flow={flow} onClose={() => setSending(false)} />
        </Suspense>
      )}
    </>
  );
}

interface RequestFiltersProps extends RequestsSearch {
  change: (search: RequestsSearch) => void;
}

/** They stay as they are while requests come in. */
const RequestFilters = memo(function RequestFilters(props: RequestFiltersProps) {
  const { verdict, flow, search, change } = props;
  const { t } = useTranslation("requests");
  const onSearch = useCallback((words: string | undefined) => change({ search: words }), [change]);
  return (
    <>
      <SearchField label={t("search")} value={search} onChange={onSearch} />
      <StatusFilter
        statuses={VERDICTS}
        value={verdict}
        onChange={(next) => change({ verdict: next })}
      />
      <FlowFilter value={flow} onChange={(next) => change({ flow: next })} />
      <SavedViews
        list="requests"
        filter={{ verdict, flow, search }}
        onChoose={(view) => change({ ...NO_FILTER, ...requestsSearch(view) })}
      />
    </>
  );
});

/** The older one first: what changed since is what one wants to know. */
function comparison(rows: RequestSummary[]) {
  const [b, a] = rows.map(({ id }) => id);
  return { kind: "requests" as const, a: a ?? "", b: b ?? "" };
}

function useChange() {
  const navigate = useNavigate();
  return useCallback(
    (changed: RequestsSearch) =>
      void navigate({
        to: "/requests",
        search: (before) => ({ ...requestsSearch(before), ...changed }),
        replace: true,
      }),
    [navigate],
  );
}

function useRowMenu(change: (search: RequestsSearch) => void) {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { copy } = useCopy();
  return ({ id, job_id, flow }: RequestSummary): MenuEntry[] => [
    { label: t("row.open"), Icon: IconEye, run: () => change({ id }) },
    ...(job_id === null
      ? []
      : [
          {
            label: t("row.openJob"),
            Icon: IconPlayerPlay,
            run: () => void navigate({ to: "/jobs/$id", params: { id: String(job_id) } }),
          },
        ]),
    ...(flow === ""
      ? []
      : [{ label: t("row.sameEndpoint"), Icon: IconFilter, run: () => change({ flow }) }]),
    { label: t("copyId"), Icon: IconId, run: () => void copy(id) },
  ];
}

function useVerdictCommands(
  change: (search: RequestsSearch) => void,
  clear: () => void,
  send: () => void,
) {
  const { t } = useTranslation(["requests", "common"]);
  useCommands([
    ...VERDICTS.map((verdict) => ({
      id: `requests.${verdict}`,
      label: t("requests:command.filter", { verdict: t(`common:status.${verdict}`).toLowerCase() }),
      Icon: IconFilter,
      run: () => change({ verdict }),
    })),
    { id: "requests.all", label: t("requests:command.all"), Icon: IconFilterOff, run: clear },
    { id: "requests.send", label: t("requests:command.sendTest"), Icon: IconSend, run: send },
  ]);
}

/** It stays as it is while other requests come in. */
const Side = memo(function Side({ id }: { id: string | undefined }) {
  const { t } = useTranslation("requests");
  const { data, error, refetch } = useRequest(id);
  if (!id) return <EmptyState Icon={IconInbox} title={t("title")} text={t("select")} />;
  if (data) return <RequestPane request={data} withJobLink />;
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
});

function Counted() {
  const { t } = useTranslation("requests");
  const { data } = useCounted();
  const total = (data?.items ?? []).reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return <p className={classes.counted}>{t("counted", { count: total, total })}</p>;
}
