/**
 * What screens read. A key is the cache tag of the live updates, split at its colon: the tag
 * `job:17` makes `["job", "17"]` stale, `jobs` makes every list below `["jobs"]` stale.
 */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import * as operations from "./operations";
import { isPaused } from "./live";
import { flatRows, type Keyed, type Pages } from "./rows";
import type { JournalEntry, Page } from "./types";

const PAGE_ROWS = 100;
const STATUS_EVERY_MS = 30_000;
const BACKUP_EVERY_MS = 700;

export const keys = {
  status: ["status"] as const,
  flows: ["flows"] as const,
  flow: (name: string) => ["flow", name] as const,
  request: (id: string) => ["request", id] as const,
  job: (id: number) => ["job", String(id)] as const,
  delivery: (id: string) => ["delivery", id] as const,
};

export const useStatus = () =>
  useQuery({
    queryKey: keys.status,
    queryFn: operations.getStatus,
    refetchInterval: STATUS_EVERY_MS,
  });

export const useFlows = () => useQuery({ queryKey: keys.flows, queryFn: operations.listFlows });

export const useFlow = (name: string) =>
  useQuery({ queryKey: keys.flow(name), queryFn: () => operations.getFlow(name) });

/** A flow as it was published; nothing is read without a version. */
export const useFlowVersion = (name: string, version: number | undefined) =>
  useQuery({
    queryKey: [...keys.flow(name), "version", version],
    queryFn: () => operations.getFlow(name, version),
    enabled: version !== undefined,
  });

/** Read anew while they are looked at: their next times pass. */
export const useSchedules = (name: string) =>
  useQuery({
    queryKey: [...keys.flow(name), "schedules"],
    queryFn: () => operations.listSchedules(name),
    refetchInterval: STATUS_EVERY_MS,
  });

export const useFlowExport = (name: string, wanted: boolean) =>
  useQuery({
    queryKey: [...keys.flow(name), "export"],
    queryFn: () => operations.exportFlow(name),
    enabled: wanted,
  });

export const useRequests = (filter: operations.RequestsFilter) =>
  useRows("requests", filter, operations.listRequests);

export const useJobs = (filter: operations.JobsFilter) =>
  useRows("jobs", filter, operations.listJobs);

export const useDeliveries = (filter: operations.DeliveriesFilter) =>
  useRows("deliveries", filter, operations.listDeliveries);

export const useRequest = (id: string | undefined) =>
  useQuery({
    queryKey: keys.request(id ?? ""),
    queryFn: () => operations.getRequest(id ?? ""),
    enabled: id !== undefined && id !== "",
    placeholderData: keepPreviousData,
  });

export const useCounted = () =>
  useQuery({ queryKey: ["requests", "counted"], queryFn: operations.listCounted });

export const useJob = (id: number, wanted = true) =>
  useQuery({ queryKey: keys.job(id), queryFn: () => operations.getJob(id), enabled: wanted });

/** What the step's last attempt found when it began; another attempt finds it anew. */
export const useStepInput = (id: number, step: string, attempts: number, wanted: boolean) =>
  useQuery({
    queryKey: [...keys.job(id), "input", step, attempts],
    queryFn: () => operations.getStepInput(id, step),
    enabled: wanted,
  });

export const useJournal = (id: number): RowsQuery<JournalEntry> =>
  useEndless(
    [...keys.job(id), "journal"],
    (before) => operations.getJournal(id, before),
    sameItems,
  );

export const useDelivery = (id: string | undefined) =>
  useQuery({
    queryKey: keys.delivery(id ?? ""),
    queryFn: () => operations.getDelivery(id ?? ""),
    enabled: id !== undefined && id !== "",
    placeholderData: keepPreviousData,
  });

export const useSecrets = () =>
  useQuery({ queryKey: ["secrets"], queryFn: operations.listSecrets });

export const useVariables = () =>
  useQuery({ queryKey: ["variables"], queryFn: operations.listVariables });

export const useEndpointTokens = (flow: string, endpoint: string) =>
  useQuery({
    queryKey: [...keys.flow(flow), "tokens", endpoint],
    queryFn: () => operations.listEndpointTokens(flow, endpoint),
  });

export const useEndpointAliases = (flow: string, endpoint: string) =>
  useQuery({
    queryKey: [...keys.flow(flow), "aliases", endpoint],
    queryFn: () => operations.listEndpointAliases(flow, endpoint),
  });

export const useSettings = () =>
  useQuery({ queryKey: ["settings"], queryFn: operations.getSettings });

/** Read anew while it is looked at: jobs come, and what is too old goes. */
export const useStorage = () =>
  useQuery({
    queryKey: ["storage"],
    queryFn: operations.getStorage,
    refetchInterval: STATUS_EVERY_MS,
  });

/** Looked at often while something goes on. */
export const useBackups = () =>
  useQuery({
    queryKey: ["backups"],
    queryFn: operations.listBackups,
    refetchInterval: ({ state }) => (state.data?.running ? BACKUP_EVERY_MS : STATUS_EVERY_MS),
  });

/** Asks nobody: only what is known already. Looked at often while something is downloaded. */
export const useUpdates = () =>
  useQuery({
    queryKey: ["updates"],
    queryFn: operations.getUpdates,
    refetchInterval: ({ state }) =>
      state.data?.download?.state === "running" ? BACKUP_EVERY_MS : false,
  });

/** Asked for by a person alone: it takes some seconds. */
export const useDoctor = () =>
  useQuery({
    queryKey: ["doctor"],
    queryFn: operations.examineWorkspace,
    enabled: false,
    retry: false,
  });

export const useTokens = () => useQuery({ queryKey: ["tokens"], queryFn: operations.listTokens });

/** A list that is read page by page, as far as somebody scrolls. */
export interface RowsQuery<Row> {
  rows: Row[];
  /** Why there is nothing to show. */
  error: Error | null;
  loading: boolean;
  loadingMore: boolean;
  /** Why the next page did not come: it is read again only when asked for. */
  moreError: Error | null;
  loadMore: () => void;
  retryMore: () => void;
  retry: () => void;
  /** Whether there are older rows than those that were read. */
  hasMore: boolean;
  /** How far back a search has looked; null if it is none. */
  scannedTo: string | null;
  /** Gives up the page that is being read. */
  stop: () => void;
}

/** The lists whose changed rows come by themselves. */
export type LiveList = "requests" | "jobs" | "deliveries";

function useRows<Row extends Keyed, Filter extends object>(
  list: LiveList,
  filter: Filter,
  read: (query: Filter & operations.Paging) => Promise<Page<Row>>,
): RowsQuery<Row> {
  return useEndless(
    [list, filter],
    (before) => read({ ...filter, limit: PAGE_ROWS, before }),
    flatRows,
    () => !isPaused(list),
  );
}

function useEndless<Row>(
  queryKey: readonly unknown[],
  read: (before: string | undefined) => Promise<Page<Row>>,
  rowsOf: (data: Pages<Row> | undefined) => Row[],
  refetchOnMount: () => boolean = () => true,
): RowsQuery<Row> {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchOnMount,
    // What did not change in a patch is the same object already; to compare thousands of rows each time holds the page.
    structuralSharing: false,
  });
  const { data, fetchNextPage, hasNextPage, isFetching, isFetchNextPageError, refetch } = query;
  const rows = useMemo(() => rowsOf(data), [data, rowsOf]);
  const canLoadMore = hasNextPage && !isFetching;
  return {
    rows,
    error: data ? null : query.error,
    loading: query.isPending,
    loadingMore: query.isFetchingNextPage,
    moreError: isFetchNextPageError ? query.error : null,
    loadMore: () => {
      // After a failure the list would ask again at once, and for ever: a person does.
      if (canLoadMore && !isFetchNextPageError) void fetchNextPage();
    },
    retryMore: () => void fetchNextPage(),
    retry: () => void refetch(),
    hasMore: hasNextPage,
    scannedTo: data?.pages.at(-1)?.scanned_to ?? null,
    stop: () => void client.cancelQueries({ queryKey }),
  };
}

function sameItems<Row>(data: Pages<Row> | undefined): Row[] {
  return (data?.pages ?? []).flatMap(({ items }) => items);
}
