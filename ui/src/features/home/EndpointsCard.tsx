/** Each endpoint: how much comes in, how much of it was refused, how long its jobs take, when it was called last. */
import { Link } from "@tanstack/react-router";
import { useFlows, type EndpointStatistics, type Statistics } from "@/api";
import { formatCount, formatDuration, RelativeTime } from "@/design";
import table from "@/design/SimpleTable.module.css";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";

export function EndpointsCard({ statistics }: { statistics: Statistics | undefined }) {
  const { t } = useTranslation("home");
  const flows = useFlows().data?.items ?? [];
  if (!statistics || statistics.endpoints.length === 0) return null;
  const titles = new Map(flows.map(({ name, title }) => [name, title || name]));
  const headers = ["rate", "accepted", "refused", "p95"] as const;
  return (
    <section className={`card ${classes.tableCard}`} aria-labelledby="home-endpoints">
      <div className={classes.cardHead}>
        <h2 id="home-endpoints">{t("endpoints.title")}</h2>
      </div>
      <table className={table.table} aria-labelledby="home-endpoints">
        <thead>
          <tr>
            <th scope="col">{t("endpoints.endpoint")}</th>
            <th scope="col">{t("endpoints.flow")}</th>
            {headers.map((each) => (
              <th key={each} scope="col" className="num">
                {t(`endpoints.${each}`)}
              </th>
            ))}
            <th scope="col">{t("endpoints.last")}</th>
          </tr>
        </thead>
        <tbody>
          {statistics.endpoints.map((each) => (
            <EndpointRow
              key={`${each.flow}/${each.endpoint}`}
              of={each}
              title={titles.get(each.flow) ?? each.flow}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function EndpointRow({ of, title }: { of: EndpointStatistics; title: string }) {
  const { t } = useTranslation("home");
  const { flow, endpoint, requests, per_minute, p95_ms, last_request_at } = of;
  return (
    <tr>
      <th scope="row">
        <span className={table.long}>{endpoint}</span>
      </th>
      <td>
        <Link
          to="/flows/$name"
          params={{ name: flow }}
          search={{ node: `endpoint:${endpoint}` }}
          className={table.long}
        >
          {title}
        </Link>
      </td>
      <td className="num">{t("endpoints.perMinute", { rate: rate(per_minute) })}</td>
      <td className="num">{formatCount(requests.accepted)}</td>
      <td className="num" data-bad={requests.rejected > 0 || undefined}>
        {requests.rejected > 0 ? (
          <Link to="/requests" search={{ verdict: "rejected", flow }}>
            {formatCount(requests.rejected)}
          </Link>
        ) : (
          "0"
        )}
      </td>
      <td className="num">{p95_ms === null ? "" : formatDuration(p95_ms)}</td>
      <td className={`muted ${table.brief}`}>
        {last_request_at ? <RelativeTime at={last_request_at} /> : t("endpoints.never")}
      </td>
    </tr>
  );
}

/** Rates below ten have a figure behind the point: `0.3`. */
const rate = (perMinute: number) =>
  perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute);
