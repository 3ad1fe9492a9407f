/** Says a result in a corner of the window. What draws it is loaded with the first one. */
import { create } from "zustand";

export interface Notice {
  title?: string;
  message: string;
  tone?: "good" | "bad";
  /** Longer than the usual few seconds, for what takes time to read. */
  long?: boolean;
}

interface Notices {
  waiting: Notice[];
}

/** What has been said and not yet been handed to `NoticeLayer`. */
export const useNotices = create<Notices>(() => ({ waiting: [] }));

export function notify(notice: Notice): void {
  useNotices.setState(({ waiting }) => ({ waiting: [...waiting, notice] }));
}

export function takeNotices(): Notice[] {
  const { waiting } = useNotices.getState();
  if (waiting.length > 0) useNotices.setState({ waiting: [] });
  return waiting;
}
