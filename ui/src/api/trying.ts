/** Trying things out: what a template gives, which names there are, one step alone, a whole draft. */
import { dataOf } from "./client";
import * as sdk from "./generated/sdk.gen";
import type { FlowRun, StepTry, TemplatePreview, TemplatePreviewed } from "./types";

/** Where a template is wrong, counted as JavaScript counts characters, and the name that may have been meant. */
export interface TemplateMistake {
  message: string;
  offset: number;
  length: number;
  nearest: string | null;
}

export type Previewed = Omit<TemplatePreviewed, "error"> & { error: TemplateMistake | null };

/** The API's description gives this error the shape of another one of the same name. */
export const previewTemplate = (body: TemplatePreview) =>
  dataOf(sdk.previewTemplate({ body })) as Promise<unknown> as Promise<Previewed>;

export const listNames = (flow: string, place: string) =>
  dataOf(sdk.listTemplateNames({ path: { name: flow }, query: { place } }));

export const tryStep = (flow: string, body: StepTry) =>
  dataOf(sdk.tryStep({ path: { name: flow }, body }));

export const runDraft = (flow: string, body: Omit<FlowRun, "draft">) =>
  dataOf(sdk.runFlow({ path: { name: flow }, body: { ...body, draft: true } }));

export const getFlowSchema = () => dataOf(sdk.getFlowSchema());
