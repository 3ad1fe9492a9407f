/** What cards and lines share: what the canvas can change, without which it is only looked at, and its words. */
import { useStore } from "@xyflow/react";
import { createContext, useContext, useMemo } from "react";
import type { useTranslation } from "@/i18n";
import type { Ends, MenuAt } from "../editor/room/ask";
import type { Layout } from "../editor/commands";

export interface CanvasEdit {
  onMove: (positions: Layout) => void;
  canConnect: (ends: Ends) => boolean;
  onConnect: (ends: Ends) => void;
  /** Asks what comes after a node. */
  onAddAfter: (id: string) => void;
  /** Asks what comes between two nodes. */
  onInsert: (ends: Ends) => void;
  onCodes: (ends: Ends) => void;
  onMenu: (at: MenuAt) => void;
}

interface Canvas {
  edit: CanvasEdit | null;
  /** So far away that no word could be read: cards and lines are drawn without any. */
  isFar: boolean;
  /** Asked for once: hundreds of cards that each ask take longer to begin than to draw. */
  t: ReturnType<typeof useTranslation<["editor", "flows"]>>["t"];
}

const CanvasContext = createContext<Canvas | null>(null);
export const CanvasProvider = CanvasContext.Provider;

export function useCanvas(): Canvas {
  const canvas = useContext(CanvasContext);
  if (!canvas) throw new Error("cards and lines stand inside their canvas");
  return canvas;
}

/**
 * Where the words on the lines stand, above all lines. React Flow's own way looks it up for every line at every change
 * of the store, which is at every frame of a zoom.
 */
export function useLabelRoom(): Element | null {
  const room = useStore(({ domNode }) => domNode);
  return useMemo(() => room?.querySelector(".react-flow__edgelabel-renderer") ?? null, [room]);
}
