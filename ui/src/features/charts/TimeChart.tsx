/** A chart over time, drawn by uPlot in the colours of the theme. What it shows stands in a table as well. */
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot, { type AlignedData, type Options, type Series } from "uplot";
import "uplot/dist/uPlot.min.css";
import classes from "./Chart.module.css";
import type { ChartProps } from "./ChartCard";

export type ChartKind = "bars" | "line";

const HEIGHT_PX = 132;
const BAR_SHARE = 0.7;
const BAR_MAX_PX = 12;

export default function TimeChart(props: ChartProps) {
  const { title, times, series, kind } = props;
  const { ref: sizeRef, width } = useElementSize();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  // Labels decide whether it must be drawn anew; new values alone only move it.
  const shape = `${scheme} ${kind} ${series.map(({ label, tone }) => label + tone).join()}`;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const hasSize = width > 0;
  useEffect(() => {
    if (!box.current || !hasSize) return;
    const { clientWidth } = box.current;
    chart.current = new uPlot(
      optionsOf(latest.current, clientWidth),
      dataOf(latest.current),
      box.current,
    );
    return () => chart.current?.destroy();
  }, [shape, hasSize]);
  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width: Math.floor(width), height: HEIGHT_PX });
  }, [width]);
  useEffect(() => {
    chart.current?.setData(dataOf({ ...latest.current, times, series }));
  }, [times, series]);
  return (
    <div ref={sizeRef} className={classes.plot}>
      <div ref={box} role="img" aria-label={title} />
    </div>
  );
}

function dataOf({ times, series, kind }: ChartProps): AlignedData {
  if (kind === "line") return [times, ...series.map(({ values }) => values)];
  // Bars stand on each other: the last is drawn first, as high as all of them.
  const sums = series.map((_, at) =>
    times.map((__, time) =>
      series.slice(0, at + 1).reduce((total, { values }) => total + (values[time] ?? 0), 0),
    ),
  );
  return [times, ...sums.reverse()];
}

/** Where nothing came, a half and a whole would read alike: the upper one has the words. */
function labels(values: readonly number[], format: (value: number) => string): string[] {
  const words = values.map((value) => format(value));
  return words.map((each, at) => (each === words[at + 1] ? "" : each));
}

function optionsOf({ series, format, kind, max }: ChartProps, width: number): Options {
  const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);
  const shown = kind === "bars" ? [...series].reverse() : series;
  const axis = {
    stroke: color("--muted"),
    font: "11px Inter Variable, sans-serif",
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 18, 0, 0],
    scales: { y: { range: (_, __, top) => [0, max ?? Math.max(1, top * 1.1)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 24, values: (_, times) => times.map(clock) },
      { ...axis, size: 54, values: (_, values) => labels(values, format) },
    ],
    series: [
      {},
      ...shown.map(({ label, tone }): Series => {
        const stroke = color(`--${tone}`);
        if (kind === "line") {
          return {
            label,
            stroke,
            width: 1.75,
            spanGaps: false,
            points: { show: true, size: 4, fill: stroke },
          };
        }
        const paths = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_MAX_PX] });
        return {
          label,
          stroke,
          width: 0,
          fill: stroke,
          points: { show: false },
          ...(paths ? { paths } : {}),
        };
      }),
    ],
  };
}

const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clock = (seconds: number) => format.format(seconds * 1000);
