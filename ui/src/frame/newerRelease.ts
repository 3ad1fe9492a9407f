/**
 * A quiet sign that there is a newer release, until this person has seen what it brings or has put the sign away. Nobody
 * is asked for it: it shows what a look found that somebody chose.
 */
import { useUpdates } from "@/api";
import { unseen, useSeenRelease } from "./seenRelease";

/** The newer release that there is a sign of. */
export function useNewerRelease(): string | undefined {
  const seen = useSeenRelease(({ version }) => version);
  return unseen(useUpdates().data, seen);
}
