/** Which packages of a release are offered, and which one at first. */
import type { FoundRelease, ReleasePackage } from "@/api";

/** Those for this computer, each kind once. */
export function fitting(found: FoundRelease): ReleasePackage[] {
  const kinds = new Set<string>();
  return found.packages.filter(({ fits, kind }) => {
    const isNew = fits && !kinds.has(kind);
    kinds.add(kind);
    return isNew;
  });
}

/** The kind that this installation came as, if the release has it, else none: then a person chooses. */
export function usual(found: FoundRelease, installed: string | null): string | null {
  const kinds = fitting(found).map(({ kind }) => kind);
  if (installed !== null && kinds.includes(installed)) return installed;
  return null;
}
