/** The fields of a form of settings: somebody types in them while what is kept changes, by this form or elsewhere. */
import { useState } from "react";
import { begin, follow, isSame, settle } from "./following";

export function useFollowing<T extends object>(kept: T) {
  const [state, setState] = useState(() => begin(kept));
  const now = isSame(state.seen, kept) ? state : follow(state, kept);
  if (now !== state) setState(now);
  return {
    typed: now.typed,
    change: (fields: Partial<T>) =>
      setState((before) => ({ ...before, typed: { ...before.typed, ...fields } })),
    /** It was saved. */
    settle: (sent: T, saved: T) => setState((before) => settle(before, sent, saved)),
  };
}
