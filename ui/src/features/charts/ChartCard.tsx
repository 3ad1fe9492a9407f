/** A chart with its headline, and the table behind it for whoever would rather read it. */
import { Button } from "@mantine/core";
import { IconChartLine, IconTable } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/i18n";
import classes from "./Chart.module.css";
import type { ChartKind } from "./TimeChart";

const TimeChart = lazy(() => import("./TimeChart"));

export interface ChartSeries {
  label: string;
  tone: "ok" | "bad" | "wait" | "accent";
  /** Null where there was nothing to measure. */
  values: (number | null)[];
}

export interface ChartProps {
  title: string;
  /** Seconds since 1970, one for each value. */
  times: number[];
  series: ChartSeries[];
  format: (value: number) => string;
  kind: ChartKind;
  max?: number;
}

export function ChartCard({ headline, ...chart }: ChartProps & { headline: string }) {
  const { t } = useTranslation("home");
  const [isTable, setTable] = useState(false);
  const Icon = isTable ? IconChartLine : IconTable;
  return (
    <section className={`card ${classes.card}`} aria-label={chart.title}>
      <div className={classes.head}>
        <h2>{chart.title}</h2>
        <Button
          variant="subtle"
          leftSection={<Icon size={14} stroke={1.75} aria-hidden />}
          aria-label={t(isTable ? "charts.showChartOf" : "charts.showTableOf", {
            title: chart.title,
          })}
          onClick={() => setTable(!isTable)}
        >
          {t(isTable ? "charts.showChart" : "charts.showTable")}
        </Button>
      </div>
      <p className={classes.headline}>{headline}</p>
      {isTable ? (
        <Table {...chart} />
      ) : (
        <Suspense fallback={<div className={classes.plot} />}>
          <TimeChart {...chart} />
        </Suspense>
      )}
      {!isTable && <Legend series={chart.series} />}
    </section>
  );
}

function Legend({ series }: { series: ChartSeries[] }) {
  return (
    <ul className={classes.legend}>
      {series.map(({ label, tone }) => (
        <li key={label} data-tone={tone}>
          {label}
        </li>
      ))}
    </ul>
  );
}

function Table({ title, times, series, format }: ChartProps) {
  const { t } = useTranslation("home");
  const rows = times.map((time, at) => ({
    time,
    values: series.map(({ values }) => values[at] ?? null),
  }));
  const used = rows.filter(({ values }) => values.some((value) => value !== null && value !== 0));
  if (used.length === 0) return <p className="muted">{t("charts.nothing")}</p>;
  return (
    <div className={classes.tableBox} role="region" aria-label={title} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("charts.time")}</th>
            {series.map(({ label }) => (
              <th key={label} scope="col" className="num">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.reverse().map(({ time, values }) => (
            <tr key={time}>
              <th scope="row">{clock.format(time * 1000)}</th>
              {values.map((value, at) => (
                <td key={at} className="num">
                  {value === null ? "" : format(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
