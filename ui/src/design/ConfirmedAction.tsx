/** Something that cannot be taken back: asks first, does it at once, and shows beside the question why it failed. */
import type { ReactNode } from "react";
import { ConfirmModal } from "./ConfirmModal";
import { useAction } from "./useAction";

interface ConfirmedActionProps {
  title: string;
  text: ReactNode;
  confirm: string;
  run: () => Promise<unknown>;
  /** Cache tags that it makes stale. */
  stale: string[];
  /** The sentence shown after success. */
  done: string;
  onClose: () => void;
}

export function ConfirmedAction(props: ConfirmedActionProps) {
  const { title, text, confirm, run, stale, done, onClose } = props;
  const action = useAction({
    run,
    stale: () => stale,
    done: () => done,
    onDone: onClose,
    quiet: true,
  });
  return (
    <ConfirmModal
      title={title}
      text={text}
      confirm={confirm}
      busy={action.isPending}
      error={action.error}
      onConfirm={() => action.mutate()}
      onClose={onClose}
    />
  );
}
