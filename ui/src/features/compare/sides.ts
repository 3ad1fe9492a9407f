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
  const oneBody = useWhole(one.data);
  const otherBody = useWhole(other.data);
  const values = useMemo((): Sides["values"] => {
    // A query shows its last answer while the next is read: another request's must not be compared.
    if (one.data?.id !== a || other.data?.id !== b) return undefined;
    if (oneBody === null || otherBody === null) return undefined;
    return [requestShape(one.data, oneBody), requestShape(other.data, otherBody)];
  }, [one.data, other.data, a, b, oneBody, otherBody]);
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
