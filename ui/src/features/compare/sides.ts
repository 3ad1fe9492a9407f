/** Reads the two that are compared. */
import { useMemo } from "react";
import { useJob, useRawBody, useRequest, type RequestDetail } from "@/api";
import { formatExact } from "@/design";
import { jobShape, requestShape } from "./shapes";

export interface Sides {
  values: [object, object] | undefined;
  labels?: [string, string] | undefined;
  error: Error | null;
  retry: () => void;
}

export function useJobSides(a: string, b: string): Sides {
  const one = useJob(Number(a));
  const other = useJob(Number(b));
  const values = useMemo(
    (): Sides["values"] =>
      one.data && other.data ? [jobShape(one.data), jobShape(other.data)] : undefined,
    [one.data, other.data],
  );
  return { values, error: one.error ?? other.error, retry: retryOf(one, other) };
}

export function useRequestSides(a: string, b: string): Sides {
  const one = useRequest(a);
  const other = useRequest(b);
  const whole = [useWhole(one.data), useWhole(other.data)] as const;
  const values = useMemo((): Sides["values"] => {
    // A query shows its last answer while the next is read: another request's must not be compared.
    if (one.data?.id !== a || other.data?.id !== b) return undefined;
    if (whole[0] === null || whole[1] === null) return undefined;
    return [requestShape(one.data, whole[0]), requestShape(other.data, whole[1])];
  }, [one.data, other.data, a, b, whole[0], whole[1]]);
  return {
    values,
    labels:
      one.data && other.data ? [formatExact(one.data.at), formatExact(other.data.at)] : undefined,
    error: one.error ?? other.error,
    retry: retryOf(one, other),
  };
}

/** The whole text of a body of which the request has only the beginning; null while it is read. */
function useWhole(request: RequestDetail | undefined): string | null | undefined {
  const isCut = request?.body.truncated === true && request.body.text !== null;
  const raw = useRawBody(request?.id ?? "", isCut);
  return useMemo(() => {
    if (!isCut || raw.error) return undefined;
    return raw.data ? new TextDecoder().decode(raw.data) : null;
  }, [isCut, raw.data, raw.error]);
}

interface Read {
  refetch: () => unknown;
}

function retryOf(...reads: Read[]) {
  return () => reads.forEach(({ refetch }) => void refetch());
}
