/** Operations of looking at a workspace: statistics, saved views, exact bytes, alerts. */
import { dataOf } from "./client";
import * as sdk from "./generated/sdk.gen";
import type { AlertRule, StatisticsSpan, ViewToSave } from "./types";

export const getStatistics = (span: StatisticsSpan) =>
  dataOf(sdk.getStatistics({ query: { span } }));

export const listViews = () => dataOf(sdk.listViews());
export const putView = (name: string, body: ViewToSave) =>
  dataOf(sdk.saveView({ path: { name }, body }));
export const deleteView = (name: string) => dataOf(sdk.deleteView({ path: { name } }));

/** The bytes of a stored body as they came, masked; what they are is the request's to say. */
export const getRawBody = (id: string) =>
  dataOf<unknown>(sdk.getRawBody({ path: { id }, parseAs: "blob" })) as Promise<Blob>;

export const listAlerts = () => dataOf(sdk.listAlerts());
export const seeAlert = (id: number) => dataOf(sdk.markAlertSeen({ path: { id } }));
export const listAlertRules = () => dataOf(sdk.listAlertRules());
export const putAlertRule = ({ name, ...body }: AlertRule) =>
  dataOf(sdk.setAlertRule({ path: { name }, body }));
export const deleteAlertRule = (name: string) => dataOf(sdk.deleteAlertRule({ path: { name } }));
