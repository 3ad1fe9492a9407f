/** What the editor's room asks or shows beside the document: its dialogs, the search, what the canvas is to show. */
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface Ends {
  from: string;
  to: string;
}

export type Ask =
  | { kind: "add"; after?: string | undefined; between?: Ends }
  | { kind: "endpoint" }
  | { kind: "connect"; from: string }
  | { kind: "codes"; edge: Ends }
  | { kind: "rename"; id: string }
  | { kind: "publish" }
  | { kind: "conflict" }
  | { kind: "compare" };

/** What was clicked with the other button, and where. */
export interface MenuAt {
  x: number;
  y: number;
  edge?: Ends;
}

export interface RoomState {
  ask: Ask | null;
  menu: MenuAt | null;
  /** What is looked for in this flow; null while nobody does. */
  search: string | null;
  /** Asks the canvas to bring nodes into sight, all of them if none is named. */
  show: { ids: readonly string[]; turn: number };
  /** Asks the inspector for the focus. */
  focusInspector: number;
}

export type Room = StoreApi<RoomState>;

export function createRoom(): Room {
  return createStore<RoomState>(() => ({
    ask: null,
    menu: null,
    search: null,
    show: { ids: [], turn: 0 },
    focusInspector: 0,
  }));
}

export const show = (room: Room, ids: readonly string[]) =>
  room.setState(({ show: { turn } }) => ({ show: { ids, turn: turn + 1 } }));

const RoomContext = createContext<Room | null>(null);
export const RoomProvider = RoomContext.Provider;

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("the editor's parts stand inside its room");
  return room;
}

export function useRoomState<T>(select: (state: RoomState) => T): T {
  return useStore(useRoom(), select);
}
