/** Every flow with its state and how it did; those that failed last stand first. */
import { Link } from "@tanstack/react-router";
import { useFlows, type FlowSummary, type Statistics } from "@/api";
import { formatCount, formatDuration, StatusPill } from "@/design";
import { usePending } from "@/design/undoable";
import table from "@/design/SimpleTable.module.css";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";
import { failuresFirst, shareWords } from "./order";

const SHOWN_MAX = 12;

export function FlowsCard({ statistics }: { statistics: Statistics | undefined }) {
  const { t } = useTranslation("home");
  const isPending = usePending("flow");
  const flows = (useFlows().data?.items ?? []).filter(({ name }) => !isPending(name));
  const byFlow = new Map(statistics?.flows.map((each) => [each.flow, each]));
  const shown = failuresFirst(flows).slice(0, SHOWN_MAX);
  return (
    <section className={`card ${classes.tableCard}`} aria-labelledby="home-flows">
      <div className={classes.cardHead}>
        <h2 id="home-flows">{t("flows.title")}</h2>
        <Link to="/flows">{t("flows.all", { count: flows.length })}</Link>
      </div>
      <table className={table.table} aria-labelledby="home-flows">
        <thead>
          <tr>
            <th scope="col">{t("flows.flow")}</th>
            <th scope="col">{t("flows.state")}</th>
            <th scope="col">{t("flows.last")}</th>
            <th scope="col" className="num">
              {t("flows.jobs")}
            </th>
            <th scope="col" className="num">
              {t("flows.success")}
            </th>
            <th scope="col" className="num">
              {t("flows.p95")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((flow) => {
            const its = byFlow.get(flow.name);
            const jobs = its && Object.values(its.jobs).reduce((sum, each) => sum + each, 0);
            return (
              <tr key={flow.name}>
                <th scope="row">
                  <Link
                    to="/flows/$name"
                    params={{ name: flow.name }}
                    className={`${table.long} ${classes.title}`}
                    title={flow.title}
                  >
                    {flow.title || flow.name}
                  </Link>
                </th>
                <td>
                  <StatusPill status={flow.state} />
                </td>
                <td>
                  <LastJob flow={flow} />
                </td>
                <td className="num">{jobs === undefined ? "" : formatCount(jobs)}</td>
                <td className="num">{shareWords(its?.success_share)}</td>
                <td className="num">
                  {its?.duration_ms ? formatDuration(its.duration_ms.p95) : ""}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function LastJob({ flow: { last_job } }: { flow: FlowSummary }) {
  const { t } = useTranslation("home");
  if (!last_job) return <span className="faint">{t("flows.none")}</span>;
  return (
    <Link to="/jobs/$id" params={{ id: String(last_job.id) }} className={classes.plainLink}>
      <StatusPill status={last_job.status} />
    </Link>
  );
}
