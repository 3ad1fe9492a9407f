/** Says a result in a corner of the window. What draws it is loaded with the first one. */
import { create } from "zustand";

export interface Notice {
  title?: string;
  message: string;
  tone?: "good" | "bad";
  /** Longer than the usual few seconds, for what takes time to read. */
  long?: boolean;
  /** Milliseconds until it goes by itself, if not the usual few seconds. */
  lasts?: number;
  /** What can be done about it, such as taking it back. */
  action?: { label: string; run: () => void };
  /** It went by itself or was closed, but not through its action or `closeNotice`. */
  onClose?: () => void;
}

interface Told extends Notice {
  id: string;
}

interface Notices {
  waiting: Told[];
  /** Those that are to go before their time. */
  closed: ReadonlySet<string>;
}

/** What has been said and not yet been handed to `NoticeLayer`. */
export const useNotices = create<Notices>(() => ({ waiting: [], closed: new Set() }));

let count = 0;

/** The notice's id, with which it can be closed. */
export function notify(notice: Notice): string {
  const id = `notice-${++count}`;
  useNotices.setState(({ waiting }) => ({ waiting: [...waiting, { ...notice, id }] }));
  return id;
}

export function closeNotice(id: string): void {
  useNotices.setState(({ waiting, closed }) => ({
    waiting: waiting.filter((each) => each.id !== id),
    closed: new Set([...closed, id]),
  }));
}

export function takeNotices(): Told[] {
  const { waiting } = useNotices.getState();
  if (waiting.length > 0) useNotices.setState({ waiting: [] });
  return waiting;
}
