/** What the home page and the lists' heads read: statistics, alerts, saved views. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as look from "./look";
import type { StatisticsSpan } from "./types";

const STATISTICS_EVERY_MS = 10_000;

/** Read anew while they are looked at: the minute goes on. */
export const useStatistics = (span: StatisticsSpan) =>
  useQuery({
    queryKey: ["statistics", span],
    queryFn: () => look.getStatistics(span),
    refetchInterval: STATISTICS_EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const useAlerts = () => useQuery({ queryKey: ["alerts"], queryFn: look.listAlerts });

export const useAlertRules = () =>
  useQuery({ queryKey: ["alert_rules"], queryFn: look.listAlertRules });

/** Of all lists: a name belongs to one of them alone. */
export const useViews = () =>
  useQuery({ queryKey: ["views"], queryFn: look.listViews, select: ({ views }) => views });

/** The whole body as it came; read only when somebody wants more than its beginning. */
export const useRawBody = (id: string, wanted: boolean) =>
  useQuery({
    queryKey: ["request", id, "raw"],
    queryFn: async () => new Uint8Array(await (await look.getRawBody(id)).arrayBuffer()),
    enabled: wanted,
    staleTime: Infinity,
    gcTime: 60_000,
  });
