/** The names that a template at a place can use, with types and samples of the last job. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { keys, type TemplateNames } from "@/api";
import { listNames } from "@/api/trying";

const STALE_AFTER_MS = 10_000;

function namesQuery(flow: string, place: string) {
  return {
    // A new job of the flow makes its tag stale, and with it these names.
    queryKey: [...keys.flow(flow), "names", place],
    queryFn: () => listNames(flow, place),
    staleTime: STALE_AFTER_MS,
    retry: false,
  };
}

export function useNames(flow: string, place: string): TemplateNames | undefined {
  return useQuery(namesQuery(flow, place)).data;
}

/** Reads them when somebody asks; null if they cannot be read: then there are no names to offer. */
export function useNamesReader(flow: string, place: string): () => Promise<TemplateNames | null> {
  const client = useQueryClient();
  return () => client.fetchQuery(namesQuery(flow, place)).catch(() => null);
}
