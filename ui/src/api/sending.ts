/** Messages that are looked at or sent by a person: to our own endpoints, and as webhook tasks. */
import { dataOf } from "./client";
import { client } from "./generated/client.gen";
import type { Fault, Header, ReceivedAnswer, SentRequest } from "./types";

interface NameAndValue {
  name: string;
  value: string;
}

export interface RequestToSend {
  flow: string;
  endpoint: string;
  /** A stored request to begin with: what is not given here is taken from it. */
  request_id?: string;
  method?: string;
  path?: string;
  query?: NameAndValue[];
  headers?: NameAndValue[];
  body?: string;
  sign: boolean;
}

export interface RequestSent {
  request: SentRequest;
  response: ReceivedAnswer | null;
  error: Fault | null;
  duration_ms: number;
  received_request_id: string | null;
  job_id: number | null;
  left_out: string[];
}

export interface PreviewedTask {
  job_id: number | null;
  method: string | null;
  url: string | null;
  headers: Header[];
  body: string | null;
  signed_bytes: string | null;
  signature_header: string | null;
  error: { code: string; message: string } | null;
}

export interface PublicUrlChecked {
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

export const sendToEndpoint = (body: RequestToSend) => post<RequestSent>("/endpoints/send", body);

export const previewTask = (flow: string, document: object, task: object) =>
  post<PreviewedTask>("/tasks/preview", { flow, document, task });

export const checkPublicUrl = () => post<PublicUrlChecked>("/public_url/check", {});
