/** Messages that are looked at or sent by a person: to our own endpoints, and as webhook tasks. */
import { dataOf } from "./client";
import * as sdk from "./generated/sdk.gen";
import type { RequestToSend } from "./types";

export const sendToEndpoint = (body: RequestToSend) => dataOf(sdk.sendRequest({ body }));

export const previewTask = (
  flow: string,
  document: Record<string, unknown>,
  task: Record<string, unknown>,
) => dataOf(sdk.previewTask({ body: { flow, document, task } }));

export const checkPublicUrl = () => dataOf(sdk.checkPublicUrl());
