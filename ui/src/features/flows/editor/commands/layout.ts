/** Where the cards stand: positions by node id, under the document's own key `layout`. Pure. */
import { isFields, type Fields } from "../../document";
import type { Position } from "./parts";
import { withKey } from "./parts";

export type Layout = Record<string, Position>;

export function layoutOf(document: Fields): Layout {
  if (!isFields(document.layout)) return {};
  const entries = Object.entries(document.layout).flatMap(([id, at]) =>
    isFields(at) && typeof at.x === "number" && typeof at.y === "number"
      ? [[id, { x: at.x, y: at.y }] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

/** The document with these positions and no others; with none it has no layout at all. */
export function withLayout(document: Fields, layout: Layout): Fields {
  return withKey(document, "layout", Object.keys(layout).length > 0 ? layout : undefined);
}

/** Puts some cards where they were dragged to; whole pixels are enough. */
export function moveNodes(document: Fields, { positions }: { positions: Layout }): Fields {
  const whole = Object.entries(positions).map(
    ([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }] as const,
  );
  return withLayout(document, { ...layoutOf(document), ...Object.fromEntries(whole) });
}

/** Forgets all positions: the drawing is laid out by itself again. */
export const clearLayout = (document: Fields): Fields => withLayout(document, {});

export function renameInLayout(document: Fields, from: string, to: string): Fields {
  const layout = layoutOf(document);
  if (!(from in layout)) return document;
  const renamed = Object.entries(layout).map(([id, at]) => [id === from ? to : id, at] as const);
  return withLayout(document, Object.fromEntries(renamed));
}

export function removeFromLayout(document: Fields, ids: ReadonlySet<string>): Fields {
  const layout = layoutOf(document);
  const kept = Object.entries(layout).filter(([id]) => !ids.has(id));
  if (kept.length === Object.keys(layout).length) return document;
  return withLayout(document, Object.fromEntries(kept));
}
