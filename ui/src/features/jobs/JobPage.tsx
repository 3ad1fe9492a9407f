/** One job: the same composition for every tab, so that the eye stays where it is. */
import { Tabs } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useJob, type JobDetail } from "@/api";
import { ErrorPanel, Loading, PageHeader, StatusPill } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { JobActions } from "./JobActions";
import { JobJournal } from "./JobJournal";
import { JobMeta } from "./JobMeta";
import { JobOverview } from "./JobOverview";
import classes from "./JobPage.module.css";
import { JobRequest } from "./JobRequest";
import { JobSteps } from "./JobSteps";
import { JobWebhooks } from "./JobWebhooks";
import { JOB_TABS, type JobTab } from "./search";

const route = getRouteApi("/jobs/$id");

export function JobPage() {
  const { t } = useTranslation("jobs");
  const id = Number(route.useParams().id);
  const { data: job, error, refetch } = useJob(id);
  if (job) return <Job job={job} />;
  return (
    <>
      <PageHeader
        title={t("job", { id })}
        crumbs={[<JobsLink key="jobs" />]}
        Icon={IconPlayerPlay}
      />
      {error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />}
    </>
  );
}

function JobsLink() {
  const { t } = useTranslation("jobs");
  return <Link to="/jobs">{t("title")}</Link>;
}

function Job({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const tab = route.useSearch().tab ?? "overview";
  const show = (next: JobTab) =>
    void navigate({
      to: "/jobs/$id",
      params: { id: String(job.id) },
      search: { tab: next },
      replace: true,
    });
  useCommands(
    JOB_TABS.map((each) => ({
      id: `job.tab.${each}`,
      label: t("command.tab", { tab: t(`tabs.${each}`) }),
      Icon: IconPlayerPlay,
      run: () => show(each),
    })),
  );
  const counts: Partial<Record<JobTab, number>> = {
    steps: job.steps.length,
    webhooks: job.deliveries.length,
  };
  return (
    <>
      <PageHeader
        title={t("job", { id: job.id })}
        Icon={IconPlayerPlay}
        crumbs={[
          <JobsLink key="jobs" />,
          <Link key="flow" to="/flows/$name" params={{ name: job.flow }}>
            {job.flow_title || job.flow}
          </Link>,
        ]}
        beside={
          <>
            <StatusPill status={job.status} />
            <JobMeta job={job} />
          </>
        }
        actions={<JobActions key={job.id} job={job} />}
      />
      <Tabs className={classes.tabs} value={tab} onChange={(next) => show(next as JobTab)}>
        <Tabs.List aria-label={t("tabs.label")}>
          {JOB_TABS.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              rightSection={
                counts[each] ? <span className={classes.count}>{counts[each]}</span> : undefined
              }
            >
              {t(`tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {JOB_TABS.map((each) => (
          <Tabs.Panel key={each} value={each} className={classes.panel}>
            <TabContent tab={each} job={job} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function TabContent({ tab, job }: { tab: JobTab; job: JobDetail }) {
  switch (tab) {
    case "overview":
      return <JobOverview job={job} />;
    case "steps":
      return <JobSteps job={job} />;
    case "webhooks":
      return <JobWebhooks job={job} />;
    case "request":
      return <JobRequest job={job} />;
    case "journal":
      return <JobJournal job={job} />;
  }
}
