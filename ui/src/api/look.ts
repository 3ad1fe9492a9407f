/** Operations of looking at a workspace: statistics, saved views, exact bytes, alerts. */
import { dataOf } from "./client";
import { client } from "./generated/client.gen";
import * as sdk from "./generated/sdk.gen";
import type { AlertList, AlertRule, AlertRuleList } from "./alertTypes";
import type { StatisticsSpan, ViewToSave } from "./types";

export const getStatistics = (span: StatisticsSpan) =>
  dataOf(sdk.getStatistics({ query: { span } }));

export const listViews = () => dataOf(sdk.listViews());
export const putView = (name: string, body: ViewToSave) =>
  dataOf(sdk.saveView({ path: { name }, body }));
export const deleteView = (name: string) => dataOf(sdk.deleteView({ path: { name } }));

/** The bytes of a stored body as they came, masked; what they are is the request's to say. */
export const getRawBody = (id: string) =>
  dataOf<unknown>(sdk.getRawBody({ path: { id }, parseAs: "blob" })) as Promise<Blob>;

const security = [{ scheme: "bearer" as const, type: "http" as const }];
const read = <Data>(url: string) => dataOf(client.get({ security, url })) as Promise<Data>;

export const listAlerts = () => read<AlertList>("/api/v1/alerts");
export const listAlertRules = () => read<AlertRuleList>("/api/v1/alert_rules");
export const seeAlert = (id: number) =>
  dataOf(client.post({ security, url: `/api/v1/alerts/${id}/seen` }));
export const putAlertRule = ({ name, ...body }: AlertRule) =>
  dataOf(
    client.put({
      security,
      url: `/api/v1/alert_rules/${encodeURIComponent(name)}`,
      headers: { "Content-Type": "application/json" },
      body,
    }),
  );
export const deleteAlertRule = (name: string) =>
  dataOf(client.delete({ security, url: `/api/v1/alert_rules/${encodeURIComponent(name)}` }));
