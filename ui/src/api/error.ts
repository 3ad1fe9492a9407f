/** One shape for everything that can go wrong with a call, ready to be shown. */
import { ShellRefusal } from "@/platform/types";
import type { FlowDetail, Problem } from "./types";

interface Told {
  code: string;
  message: string;
  hint?: string | null;
  problems?: Problem[];
  current?: FlowDetail;
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  readonly problems: Problem[];
  /** The flow as it is now, where somebody else changed it meanwhile. */
  readonly current: FlowDetail | null;
  readonly call: string;

  constructor(status: number, body: Told, call: string) {
    super(body.message);
    this.name = "ApiError";
    this.status = status;
    this.code = body.code;
    this.hint = body.hint ?? null;
    this.problems = body.problems ?? [];
    this.current = body.current ?? null;
    this.call = call;
  }

  /** A refused call gives the same answer again; only silence and a busy server are worth a retry. */
  get mayPass(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

/** `status` 0: no answer at all. The words come from the i18n files, unless the desktop app has its own. */
export function unreachable(call: string, cause: unknown): ApiError {
  const message = cause instanceof ShellRefusal ? cause.message : "";
  return new ApiError(0, { code: "unreachable", message }, call);
}

export function isErrorBody(value: unknown): value is { error: Told } {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const { error } = value;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
