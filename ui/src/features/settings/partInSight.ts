/** Which part of a long page somebody looks at. Pure. */
export interface Stretch {
  id: string;
  /** From the top of what is in sight, in pixels. */
  top: number;
  bottom: number;
}

/** How far below the upper edge a part may begin and be the one that is looked at. */
const EDGE_PX = 60;

/**
 * What somebody chose, while any of it is in sight: the last parts never come to the top. Else the part at the upper
 * edge; where the page ends, the last one.
 */
export function partInSight(
  parts: readonly Stretch[],
  { heightPx, isAtEnd }: { heightPx: number; isAtEnd: boolean },
  chosen: string | undefined,
): string | undefined {
  const own = parts.find(({ id }) => id === chosen);
  if (own && own.top < heightPx && own.bottom > EDGE_PX) return own.id;
  if (isAtEnd) return parts.at(-1)?.id;
  return (parts.find(({ bottom }) => bottom > EDGE_PX) ?? parts.at(-1))?.id;
}
