/** Two jobs or two requests, and everything that is not the same in them. */
import { SegmentedControl } from "@mantine/core";
import { IconArrowsDiff, IconEqual } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { EmptyState, ErrorPanel, Loading, PageHeader } from "@/design";
import { useTranslation } from "@/i18n";
import { changesOf, diff } from "./diff";
import { ChangesTable } from "./ChangesTable";
import classes from "./Compare.module.css";
import { SideBySide } from "./SideBySide";
import { useJobSides, useRequestSides, type Sides } from "./sides";

const route = getRouteApi("/compare");

export function ComparePage() {
  const { kind, a, b } = route.useSearch();
  return kind === "jobs" ? <Jobs a={a} b={b} /> : <Requests a={a} b={b} />;
}

interface Ids {
  a: string;
  b: string;
}

function Jobs({ a, b }: Ids) {
  const { t } = useTranslation("compare");
  const link = (id: string) => (
    <Link to="/jobs/$id" params={{ id }}>
      {t("job", { id })}
    </Link>
  );
  return <Comparison title={t("jobs")} sides={useJobSides(a, b)} names={[link(a), link(b)]} />;
}

function Requests({ a, b }: Ids) {
  const { t } = useTranslation("compare");
  const sides = useRequestSides(a, b);
  const link = (id: string, at: string | undefined) => (
    <Link to="/requests" search={{ id }}>
      {t("request", { at: at ?? id })}
    </Link>
  );
  return (
    <Comparison
      title={t("requests")}
      sides={sides}
      names={[link(a, sides.labels?.[0]), link(b, sides.labels?.[1])]}
    />
  );
}

interface ComparisonProps {
  title: string;
  sides: Sides;
  names: [React.ReactNode, React.ReactNode];
}

function Comparison({ title, sides, names }: ComparisonProps) {
  const { t } = useTranslation("compare");
  const [shape, setShape] = useState("changes");
  const { values, error, retry } = sides;
  const change = useMemo(() => (values ? diff(values[0], values[1]) : null), [values]);
  const changes = useMemo(() => changesOf(change), [change]);
  return (
    <>
      <PageHeader
        title={title}
        beside={
          <span className={classes.names}>
            {names[0]}
            <IconArrowsDiff size={16} stroke={1.75} aria-label={t("with")} />
            {names[1]}
            {values && (
              <span className="muted" role="status">
                {t("count", { count: changes.length })}
              </span>
            )}
          </span>
        }
        actions={
          <SegmentedControl
            aria-label={t("shape")}
            data={[
              { value: "changes", label: t("changes") },
              { value: "sides", label: t("sideBySide") },
            ]}
            value={shape}
            onChange={setShape}
          />
        }
      />
      {!values && (error ? <ErrorPanel error={error} onRetry={retry} /> : <Loading />)}
      {values && changes.length === 0 && (
        <EmptyState Icon={IconEqual} title={t("same")} text={t("sameText")} />
      )}
      {values && changes.length > 0 && shape === "changes" && (
        <ChangesTable changes={changes} names={names} />
      )}
      {values && changes.length > 0 && shape === "sides" && (
        <SideBySide before={values[0]} change={change} names={names} />
      )}
    </>
  );
}
