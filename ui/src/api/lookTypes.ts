/** The shapes of statistics, alerts, views and sending again. */

export type Span = "hour" | "day";

export interface RequestCounts {
  accepted: number;
  rejected: number;
  duplicate: number;
  held: number;
}

export interface JobCounts {
  complete: number;
  failed: number;
  canceled: number;
  timed_out: number;
}

export interface Percentiles {
  p50: number;
  p95: number;
}

export interface Bucket {
  at: string;
  requests: RequestCounts;
  jobs: JobCounts;
  duration_ms: Percentiles | null;
}

export interface FlowStatistics {
  flow: string;
  jobs: JobCounts;
  last_job: { id: number; status: string; ended_at: string | null } | null;
  success_share: number | null;
  duration_ms: Percentiles | null;
}

export interface EndpointStatistics {
  flow: string;
  endpoint: string;
  requests: RequestCounts;
  per_minute: number;
  p95_ms: number | null;
  last_request_at: string | null;
}

export interface Statistics {
  from: string;
  to: string;
  bucket_ms: number;
  buckets: Bucket[];
  flows: FlowStatistics[];
  endpoints: EndpointStatistics[];
}

export type AlertKind = "error_share" | "silence" | "spike";

export interface AlertRule {
  name: string;
  kind: AlertKind;
  flow: string | null;
  endpoint: string | null;
  /** A share from 0 to 1, or a factor. */
  threshold: number;
  window_minutes: number;
  minimum: number;
  is_enabled: boolean;
}

export interface AlertRuleList {
  items: AlertRule[];
}

export interface Alert {
  id: number;
  rule: string;
  kind: AlertKind;
  flow: string | null;
  endpoint: string | null;
  began_at: string;
  ended_at: string | null;
  message: string;
  seen: boolean;
}

export interface AlertList {
  alerts: Alert[];
}

export type ViewedList = "jobs" | "requests" | "deliveries";

export interface View {
  name: string;
  list: ViewedList;
  filter: Record<string, string>;
}

export interface ViewList {
  items: View[];
}

export interface EndpointSend {
  flow: string;
  endpoint: string;
  request_id?: string;
  method: string;
  path?: string;
  query?: [string, string][];
  headers: [string, string][];
  body?: string;
  body_base64?: string;
  sign: boolean;
}

export interface EndpointSent {
  request: { method: string; url: string; headers: [string, string][]; body: string };
  response: { status: number; headers: [string, string][]; body: string };
  duration_ms: number;
  received_request_id: string | null;
  job_id: number | null;
}
