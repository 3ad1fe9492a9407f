/** Trying things out: what a template gives, which names there are, one step alone, a whole draft. */
import { dataOf } from "./client";
import * as sdk from "./generated/sdk.gen";
import type { FlowRun, StepTry, TemplatePreview } from "./types";

export const previewTemplate = (body: TemplatePreview) => dataOf(sdk.previewTemplate({ body }));

export const listNames = (flow: string, place: string) =>
  dataOf(sdk.listTemplateNames({ path: { name: flow }, query: { place } }));

export const tryStep = (flow: string, body: StepTry) =>
  dataOf(sdk.tryStep({ path: { name: flow }, body }));

export const runDraft = (flow: string, body: Omit<FlowRun, "draft">) =>
  dataOf(sdk.runFlow({ path: { name: flow }, body: { ...body, draft: true } }));

export const getFlowSchema = () => dataOf(sdk.getFlowSchema());
