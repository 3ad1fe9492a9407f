/** What the canvas can change; without it, it is only looked at. */
import { createContext, useContext } from "react";
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

const EditContext = createContext<CanvasEdit | null>(null);
export const EditProvider = EditContext.Provider;
export const useCanvasEdit = () => useContext(EditContext);
