/** Messages that are looked at or sent by a person: to our own endpoints, and as webhook tasks. */
import { dataOf } from "./client";
import { client } from "./generated/client.gen";
import * as sdk from "./generated/sdk.gen";
import type { RequestToSend } from "./types";

export interface PublicUrlAnswer {
  status: "reached" | "not_reached" | "other_answered";
  detail: string;
}

const post = <Data>(url: string, body: object): Promise<Data> =>
  dataOf<Data>(
    client.post({
      url: `/api/v1${url}`,
      body,
      security: [{ scheme: "bearer", type: "http" }],
      headers: { "Content-Type": "application/json" },
    }) as Promise<{ data?: Data; response?: Response }>,
  );

export const sendToEndpoint = (body: RequestToSend) => dataOf(sdk.sendRequest({ body }));

export const previewTask = (
  flow: string,
  document: Record<string, unknown>,
  task: Record<string, unknown>,
) => dataOf(sdk.previewTask({ body: { flow, document, task } }));

export const checkPublicUrl = () => post<PublicUrlAnswer>("/public_url/check", {});
