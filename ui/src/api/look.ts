/** Operations of looking at a workspace: statistics, alerts, saved views, sending again, exact bytes. */
import { dataOf } from "./client";
import { client } from "./generated/client.gen";
import type * as look from "./lookTypes";

const security = [{ scheme: "bearer" as const, type: "http" as const }];

type Fields = Record<string, unknown>;

function get<Answer>(url: string, query: Fields = {}): Promise<Answer> {
  return dataOf(client.get({ security, url: `/api/v1${url}`, query })) as Promise<Answer>;
}

function send<Answer>(
  method: "POST" | "PUT" | "DELETE",
  url: string,
  body?: object,
): Promise<Answer> {
  const headers = body ? { "content-type": "application/json" } : {};
  const call = { method, security, url: `/api/v1${url}`, headers, ...(body ? { body } : {}) };
  return dataOf(client.request(call)) as Promise<Answer>;
}

export const getStatistics = (span: look.Span) => get<look.Statistics>("/statistics", { span });

export const listAlerts = () => get<look.AlertList>("/alerts");
export const seeAlert = (id: number) => send<unknown>("POST", `/alerts/${id}/seen`);
export const listAlertRules = () => get<look.AlertRuleList>("/alert_rules");
export const putAlertRule = ({ name, ...rule }: look.AlertRule) =>
  send<unknown>("PUT", `/alert_rules/${encodeURIComponent(name)}`, rule);
export const deleteAlertRule = (name: string) =>
  send<unknown>("DELETE", `/alert_rules/${encodeURIComponent(name)}`);

export const listViews = () => get<look.ViewList>("/views");
export const putView = ({ name, ...view }: look.View) =>
  send<unknown>("PUT", `/views/${encodeURIComponent(name)}`, view);
export const deleteView = (name: string) =>
  send<unknown>("DELETE", `/views/${encodeURIComponent(name)}`);

export const sendToEndpoint = (body: look.EndpointSend) =>
  send<look.EndpointSent>("POST", "/endpoints/send", body);

/** The bytes of a stored body as they came, masked; what they are is the request's to say. */
export const getRawBody = (id: string) =>
  dataOf<unknown>(
    client.get({ security, url: `/api/v1/requests/${id}/raw`, parseAs: "blob" }),
  ) as Promise<Blob>;
