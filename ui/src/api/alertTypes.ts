/** The shapes of alerts and their rules. */

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
  rules: AlertRule[];
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
  next: string | null;
}
