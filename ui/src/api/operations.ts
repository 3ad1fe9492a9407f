/** Every operation that the UI uses, by name: the generated client, with errors thrown. */
import { dataOf } from "./client";
import * as sdk from "./generated/sdk.gen";
import { longNumbers } from "./longNumbers";
import type {
  BackupSchedule,
  DraftReplacement,
  ExportFormat,
  FlowDetail,
  FlowImport,
  FlowRun,
  FlowState,
  FlowToValidate,
  ImportText,
  ListDeliveriesData,
  ListJobsData,
  ListRequestsData,
  ListenerName,
  ReplayOptions,
  Retention,
  Scope,
  SettingsChange,
  WebhookTaskTest,
} from "./types";

/** A flow as it was read here; what a save answers says nothing of numbers. */
export type ReadFlow = FlowDetail & { long_numbers?: string[] };

type Query<Data extends { query?: object }> = NonNullable<Data["query"]>;
type Loose<Fields> = { [Name in keyof Fields]: Fields[Name] | undefined };
type Filter<Data extends { query?: object }> = Loose<Omit<Query<Data>, "limit" | "before">>;

export type RequestsFilter = Filter<ListRequestsData>;
export type JobsFilter = Filter<ListJobsData>;
export type DeliveriesFilter = Filter<ListDeliveriesData>;
export interface Paging {
  limit?: number | undefined;
  before?: string | undefined;
}

/**
 * A body that holds a flow document as it was written. What it means is read by Hookloom alone: a browser would lose
 * repeated keys and long numbers. The text has to be JSON, or the whole body is none.
 */
function withDocument<Body extends { document: object }>(
  text: string,
  rest: Omit<Body, "document">,
) {
  const written = JSON.stringify(rest).slice(1, -1);
  return {
    body: { document: {}, ...rest } as unknown as Body,
    bodySerializer: () => `{"document":${text}${written && `,${written}`}}`,
  };
}

export const getStatus = () => dataOf(sdk.getStatus());

export const listFlows = () => dataOf(sdk.listFlows());
/** With the numbers of its document that are not what they were once a browser has read them. */
export async function getFlow(name: string, version?: number): Promise<ReadFlow> {
  const answer = sdk.getFlow({ path: { name }, query: given({ version }), parseAs: "text" });
  const text = (await dataOf<unknown>(answer)) as string;
  return { ...(JSON.parse(text) as FlowDetail), long_numbers: longNumbers(text) };
}
export const exportFlow = (name: string) => dataOf(sdk.exportFlow({ path: { name } }));
export const importFlow = (document: string, publish: boolean) =>
  dataOf(sdk.importFlow(withDocument<FlowImport>(document, { publish })));
export const previewImport = (body: ImportText) => dataOf(sdk.previewImport({ body }));
/** Refused with 409 if it would do something else than the preview whose `plan` it is given. */
export const importText = (body: ImportText) => dataOf(sdk.importText({ body }));
export const exportWorkspace = (format: ExportFormat, flows: string[] | undefined) =>
  dataOf(sdk.exportWorkspace({ query: given({ format, flows: flows?.join(",") }) }));
/** Refused with 409 if the draft is no longer the one that was edited. */
export const replaceDraft = (name: string, body: DraftReplacement) =>
  dataOf(sdk.replaceDraft({ path: { name }, body }));
export const publishFlow = (name: string) => dataOf(sdk.publishFlow({ path: { name } }));
export const setFlowState = (name: string, state: FlowState) =>
  dataOf(sdk.setFlowState({ path: { name }, body: { state } }));
export const copyFlow = (name: string, newName: string) =>
  dataOf(sdk.copyFlow({ path: { name }, body: { name: newName } }));
export const deleteFlow = (name: string) => dataOf(sdk.deleteFlow({ path: { name } }));
export const validateFlow = (document: string) =>
  dataOf(sdk.validateFlow(withDocument<FlowToValidate>(document, {})));
export const testTask = (name: string, body: WebhookTaskTest) =>
  dataOf(sdk.testWebhookTask({ path: { name }, body }));
export const switchTask = (name: string, task: string, enabled: boolean) =>
  dataOf(sdk.switchWebhookTask({ path: { name }, body: { task, enabled } }));
export const listSchedules = (name: string) => dataOf(sdk.listSchedules({ path: { name } }));
export const runFlow = (name: string, body: FlowRun) =>
  dataOf(sdk.runFlow({ path: { name }, body }));

export const listRequests = (query: RequestsFilter & Paging) =>
  dataOf(sdk.listRequests({ query: given(query) }));
export const getRequest = (id: string) => dataOf(sdk.getRequest({ path: { id } }));
/** The description says bytes; what comes is what a browser saves. */
export const getRequestFile = (id: string, file_id: string) =>
  dataOf<unknown>(sdk.getRequestFile({ path: { id, file_id }, parseAs: "blob" })) as Promise<Blob>;
export const replayRequest = (id: string, body: ReplayOptions) =>
  dataOf(sdk.replayRequest({ path: { id }, body }));
export const listCounted = () => dataOf(sdk.listCountedRejections());

export const listJobs = (query: JobsFilter & Paging) =>
  dataOf(sdk.listJobs({ query: given(query) }));
export const getJob = (id: number) => dataOf(sdk.getJob({ path: { id } }));
export const cancelJob = (id: number) => dataOf(sdk.cancelJob({ path: { id } }));
export const replayJob = (id: number, body: ReplayOptions) =>
  dataOf(sdk.replayJob({ path: { id }, body }));
export const continueJob = (id: number) => dataOf(sdk.continueJob({ path: { id }, body: {} }));
export const getStepInput = (id: number, step: string) =>
  dataOf(sdk.getStepInput({ path: { id, step } }));
export const getJournal = (id: number, before?: string) =>
  dataOf(sdk.getJobJournal({ path: { id }, query: given({ before }) }));

export const listDeliveries = (query: DeliveriesFilter & Paging) =>
  dataOf(sdk.listDeliveries({ query: given(query) }));
export const getDelivery = (id: string) => dataOf(sdk.getDelivery({ path: { id } }));
export const resendDelivery = (id: string) => dataOf(sdk.resendDelivery({ path: { id } }));

export const listSecrets = () => dataOf(sdk.listSecrets());
export const putSecret = (name: string, value: string) =>
  dataOf(sdk.setSecret({ path: { name }, body: { value } }));
export const deleteSecret = (name: string) => dataOf(sdk.deleteSecret({ path: { name } }));

export const generateSecret = (name: string, replace: boolean) =>
  dataOf(sdk.generateSecret({ path: { name }, body: { replace } }));

export const listVariables = () => dataOf(sdk.listVariables());
export const putVariable = (name: string, set: string | null, value: unknown) =>
  dataOf(
    sdk.setVariable({ path: { name }, query: given({ set: set ?? undefined }), body: { value } }),
  );
export const deleteVariable = (name: string, set: string | null) =>
  dataOf(sdk.deleteVariable({ path: { name }, query: given({ set: set ?? undefined }) }));
export const activateVariableSet = (name: string | null) =>
  dataOf(sdk.activateVariableSet({ body: { name } }));

export const listEndpointTokens = (flow: string, endpoint: string) =>
  dataOf(sdk.listEndpointTokens({ query: { flow, endpoint } }));
export const createEndpointToken = (flow: string, endpoint: string, name: string) =>
  dataOf(sdk.createEndpointToken({ path: { name: flow, endpoint }, body: { name } }));
export const revokeEndpointToken = (flow: string, endpoint: string, token: string) =>
  dataOf(sdk.revokeEndpointToken({ path: { name: flow, endpoint, token } }));
export const listEndpointAliases = (flow: string, endpoint: string) =>
  dataOf(sdk.listEndpointAliases({ query: { flow, endpoint } }));
export const deleteEndpointAlias = (id: number) =>
  dataOf(sdk.deleteEndpointAlias({ path: { id } }));

export const getSettings = () => dataOf(sdk.getSettings());
export const changeSettings = (body: SettingsChange) => dataOf(sdk.changeSettings({ body }));
export const getStorage = () => dataOf(sdk.getStorage());
export const examineWorkspace = () => dataOf(sdk.examineWorkspace());
export const listBackups = () => dataOf(sdk.listBackups());
export const makeBackup = () => dataOf(sdk.makeBackup());
export const deleteBackup = (name: string) => dataOf(sdk.deleteBackup({ path: { name } }));
export const restoreBackup = (name: string) => dataOf(sdk.restoreBackup({ path: { name } }));
export const cancelWaitingRestore = () => dataOf(sdk.cancelWaitingRestore());
export const setBackupSchedule = (body: BackupSchedule) => dataOf(sdk.setBackupSchedule({ body }));
export const getUpdates = () => dataOf(sdk.getUpdates());
export const checkForUpdates = () => dataOf(sdk.checkForUpdates({ body: {} }));
export const downloadUpdate = (kind: string) => dataOf(sdk.downloadUpdate({ body: { kind } }));
export const cancelUpdateDownload = () => dataOf(sdk.cancelUpdateDownload());
export const setRetention = (body: Retention) => dataOf(sdk.setRetention({ body }));
export const setReceiving = (is_paused: boolean) =>
  dataOf(sdk.setReceiving({ body: { is_paused } }));
export const moveListener = (name: ListenerName, address: string) =>
  dataOf(sdk.moveListener({ path: { name }, body: { address } }));

export const listTokens = () => dataOf(sdk.listTokens());
export const createToken = (name: string, scope: Scope) =>
  dataOf(sdk.createToken({ body: { name, scope } }));
export const revokeToken = (name: string) => dataOf(sdk.revokeToken({ path: { name } }));

/** Leaves out what is not set, so that it is not sent as an empty value. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as never;
}
