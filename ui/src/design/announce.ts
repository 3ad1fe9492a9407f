/** Says a result to screen readers through the page's one live region (see `Announcer`). */
import { create } from "zustand";

interface Announcement {
  text: string;
  /** Makes the same words, said twice, two announcements. */
  turn: number;
}

export const useAnnouncement = create<Announcement>(() => ({ text: "", turn: 0 }));

export function announce(text: string): void {
  useAnnouncement.setState(({ turn }) => ({ text, turn: turn + 1 }));
}
