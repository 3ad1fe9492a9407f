/** What is going on: failures first. An empty workspace shows how to begin. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconSend, IconTemplate } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useAlerts, useFlows, useStatistics, type StatisticsSpan } from "@/api";
import { ErrorPanel, Loading, PageHeader } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { EndpointsCard } from "./EndpointsCard";
import { FlowsCard } from "./FlowsCard";
import classes from "./Home.module.css";
import { LastJobs } from "./LastJobs";
import { StatisticsCards } from "./StatisticsCards";
import type { Started } from "./useTemplate";

// A workspace that is in use needs none of these to show its first page.
const Begin = lazy(async () => ({ default: (await import("./Begin")).Begin }));
const StartedCard = lazy(async () => ({ default: (await import("./StartedCard")).StartedCard }));
const AlertsCard = lazy(async () => ({ default: (await import("./AlertsCard")).AlertsCard }));
const SendTestDialog = lazy(() => import("@/features/sending/SendTestDialog"));

export function HomePage() {
  const { t } = useTranslation("home");
  const flows = useFlows();
  const [started, setStarted] = useState<Started>();
  const [span, setSpan] = useState<StatisticsSpan>("hour");
  const [isSending, setSending] = useState(false);
  const [isBeginning, setBeginning] = useState(false);
  const isEmpty = flows.data?.items.length === 0 && !started;
  const begin = () => setBeginning(true);
  const onStarted = (next: Started) => {
    setBeginning(false);
    setStarted(next);
  };
  const send = () => setSending(true);
  useCommands([
    { id: "home.send", label: t("send.command"), Icon: IconSend, run: send },
    { id: "home.template", label: t("begin.another"), Icon: IconTemplate, run: begin },
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          !isEmpty && (
            <>
              <SpanChoice span={span} onChange={setSpan} />
              <Button leftSection={<IconTemplate size={16} aria-hidden />} onClick={begin}>
                {t("begin.another")}
              </Button>
              <Button leftSection={<IconSend size={16} aria-hidden />} onClick={send}>
                {t("send.action")}
              </Button>
            </>
          )
        }
      />
      <div className={classes.page} role="region" aria-label={t("title")} tabIndex={0}>
        {flows.error && !flows.data && (
          <ErrorPanel error={flows.error} onRetry={() => void flows.refetch()} />
        )}
        {flows.isPending && <Loading />}
        <Suspense fallback={<Loading />}>
          {(isEmpty || isBeginning) && <Begin onStarted={onStarted} />}
          {started && (
            <StartedCard
              key={started.name}
              started={started}
              onClose={() => setStarted(undefined)}
            />
          )}
        </Suspense>
        {flows.data && !isEmpty && (
          <Suspense fallback={<Loading />}>
            <Overview span={span} />
          </Suspense>
        )}
      </div>
      {isSending && (
        <Suspense>
          <SendTestDialog onClose={() => setSending(false)} />
        </Suspense>
      )}
    </>
  );
}

function SpanChoice({
  span,
  onChange,
}: {
  span: StatisticsSpan;
  onChange: (span: StatisticsSpan) => void;
}) {
  const { t } = useTranslation("home");
  return (
    <SegmentedControl
      aria-label={t("span.label")}
      data={[
        { value: "hour", label: t("span.hour") },
        { value: "day", label: t("span.day") },
      ]}
      value={span}
      onChange={(next) => onChange(next as StatisticsSpan)}
    />
  );
}

function Overview({ span }: { span: StatisticsSpan }) {
  const statistics = useStatistics(span);
  const { data, isPending } = useAlerts();
  // They may stand above all others, which would move down when they come.
  if (isPending) return <Loading />;
  const isAlarmed = (data?.alerts ?? []).some(({ ended_at, seen }) => ended_at === null || !seen);
  return (
    <>
      {isAlarmed && <AlertsCard />}
      <StatisticsCards query={statistics} span={span} />
      <div className={classes.columns}>
        <FlowsCard statistics={statistics.data} />
        <LastJobs />
      </div>
      <EndpointsCard statistics={statistics.data} />
      {!isAlarmed && (
        <Suspense>
          <AlertsCard />
        </Suspense>
      )}
    </>
  );
}
