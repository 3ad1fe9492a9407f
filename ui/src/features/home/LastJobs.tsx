/** The jobs that began last, live. */
import { Link } from "@tanstack/react-router";
import { useJobs } from "@/api";
import { ErrorPanel, formatDuration, RelativeTime, StatusPill } from "@/design";
import table from "@/design/SimpleTable.module.css";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";

const SHOWN_MAX = 10;

export function LastJobs() {
  const { t } = useTranslation("home");
  const jobs = useJobs({ status: undefined, flow: undefined });
  const failed = useJobs({ status: "failed", flow: undefined });
  return (
    <section
      className={`card ${classes.tableCard} ${classes.lastJobs}`}
      aria-labelledby="home-jobs"
    >
      <div className={classes.cardHead}>
        <h2 id="home-jobs">{t("jobs.title")}</h2>
        {failed.rows.length > 0 && (
          <Link to="/jobs" search={{ status: "failed" }}>
            {t("jobs.failed")}
          </Link>
        )}
        <Link to="/jobs">{t("jobs.all")}</Link>
      </div>
      {jobs.error && <ErrorPanel error={jobs.error} onRetry={jobs.retry} inline />}
      {!jobs.loading && jobs.rows.length === 0 && <p className="muted">{t("jobs.none")}</p>}
      <table className={table.table} aria-labelledby="home-jobs">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("jobs.job")}</th>
            <th scope="col">{t("jobs.flow")}</th>
            <th scope="col">{t("jobs.status")}</th>
            <th scope="col" className={classes.roomy}>
              {t("jobs.duration")}
            </th>
            <th scope="col">{t("jobs.when")}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.rows.slice(0, SHOWN_MAX).map((job) => (
            <tr key={job.id}>
              <th scope="row" className={table.brief}>
                <Link to="/jobs/$id" params={{ id: String(job.id) }}>
                  {job.id}
                </Link>
              </th>
              <td>
                <span className={`${table.long} ${classes.title}`} title={job.flow_title}>
                  {job.flow_title || job.flow}
                </span>
              </td>
              <td>
                <StatusPill status={job.status} />
              </td>
              <td className={`num ${classes.roomy}`}>
                {typeof job.duration_ms === "number" ? formatDuration(job.duration_ms) : ""}
              </td>
              <td className={`muted ${table.brief}`}>
                <RelativeTime at={job.queued_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
