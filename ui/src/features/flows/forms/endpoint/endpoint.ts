/** The names and numbers of an endpoint's settings. Pure. */
export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((name) => ({
  value: name,
  label: name,
}));
export const MODES = ["async", "sync", "stream"] as const;
export const BODY_BYTES_USUAL = 10 * 1024 * 1024;
export const BODY_BYTES_MAX = 1024 ** 3;
export const RATE_MAX = 10_000_000;
export const SYNC_TIMEOUT_USUAL_MS = 30_000;
export const SYNC_TIMEOUT_MAX_MS = 600_000;
/** Sealed without being named. */
export const ALWAYS_SEALED = ["authorization", "cookie", "x-api-key"];
