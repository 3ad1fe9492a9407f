/** Throughput, success and latency over the last hour or day: a chart each, and the table behind it. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Bucket, StatisticsSpan, Statistics } from "@/api";
import { ErrorPanel, formatCount, formatDuration, Loading } from "@/design";
import { ChartCard, type ChartSeries } from "@/features/charts/ChartCard";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";
import { requestTotal, shareWords, successShare } from "./order";

interface StatisticsCardsProps {
  query: UseQueryResult<Statistics>;
  span: StatisticsSpan;
}

export function StatisticsCards({ query, span }: StatisticsCardsProps) {
  const { data, error, refetch } = query;
  if (data) return <Cards data={data} span={span} />;
  if (!error) {
    return (
      <div className={classes.chartsWait}>
        <Loading />
      </div>
    );
  }
  return <ErrorPanel error={error} onRetry={() => void refetch()} inline />;
}

function Cards({ data, span }: { data: Statistics; span: StatisticsSpan }) {
  const { t } = useTranslation("home");
  const { buckets } = data;
  const times = useMemo(() => buckets.map(({ at }) => Date.parse(at) / 1000), [buckets]);
  const line = (
    label: string,
    tone: ChartSeries["tone"],
    of: (bucket: Bucket) => number | null,
  ) => ({
    label,
    tone,
    values: buckets.map(of),
  });
  const jobs = buckets.map((bucket) => bucket.jobs);
  const sums = {
    complete: sum(jobs.map(({ complete }) => complete)),
    failed: sum(jobs.map(({ failed }) => failed)),
    timed_out: sum(jobs.map(({ timed_out }) => timed_out)),
    canceled: 0,
  };
  const slowest = Math.max(-1, ...buckets.map(({ duration_ms }) => duration_ms?.p95 ?? -1));
  const period = t(`period.${span}`);
  const count = (value: number) => formatCount(Math.round(value));
  return (
    <div className={classes.charts}>
      <ChartCard
        title={t("charts.throughput")}
        headline={t("charts.requests", {
          total: formatCount(sum(buckets.map(({ requests }) => requestTotal(requests)))),
          period,
        })}
        times={times}
        series={[
          line(t("charts.accepted"), "ok", ({ requests }) => requests.accepted),
          line(t("charts.rejected"), "bad", ({ requests }) => requests.rejected),
        ]}
        format={count}
        kind="bars"
      />
      <ChartCard
        title={t("charts.success")}
        headline={
          successShare(sums) === null
            ? t("charts.noJobs", { period })
            : t("charts.share", { share: shareWords(successShare(sums)), period })
        }
        times={times}
        series={[
          line(t("charts.succeeded"), "accent", (bucket) => percent(successShare(bucket.jobs))),
        ]}
        format={(value) => `${Math.round(value)} %`}
        max={100}
        kind="line"
      />
      <ChartCard
        title={t("charts.latency")}
        headline={
          slowest < 0
            ? t("charts.noJobs", { period })
            : t("charts.slowest", { duration: formatDuration(slowest), period })
        }
        times={times}
        series={[
          line(t("charts.p50"), "accent", ({ duration_ms }) => duration_ms?.p50 ?? null),
          line(t("charts.p95"), "wait", ({ duration_ms }) => duration_ms?.p95 ?? null),
        ]}
        format={formatDuration}
        kind="line"
      />
    </div>
  );
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const percent = (share: number | null) => (share === null ? null : share * 100);
