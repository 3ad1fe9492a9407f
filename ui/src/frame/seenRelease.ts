/** Which newer release this person has seen or put away: there is a sign of each version once. */
import { create } from "zustand";
import type { Updates } from "@/api";

const NAME = "hookloom.updates.seen";

export const useSeenRelease = create<{ version: string | null }>(() => ({ version: read() }));

/** The newer release that there is a sign of. */
export function unseen(updates: Updates | undefined, seen: string | null): string | undefined {
  const found = updates?.found;
  return found?.is_newer && found.version !== seen ? found.version : undefined;
}

/** From now on there is no sign of this version. */
export function putAway(version: string): void {
  useSeenRelease.setState({ version });
  try {
    localStorage.setItem(NAME, version);
  } catch {
    // A full or forbidden store: it is put away until the page is left.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
