import type { RequestDetail } from "@/api";

/** Refused before its body was looked at: nobody knows whether it had one. */
export function isUnread({ body_bytes, checks }: Pick<RequestDetail, "body_bytes" | "checks">) {
  return body_bytes === 0 && checks.some(({ name, ok }) => name === "size_type" && ok === null);
}
