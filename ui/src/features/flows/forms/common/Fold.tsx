/** A group of inputs that is seldom needed: closed, it says in a few words what holds. */
import { IconChevronRight } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import classes from "./Common.module.css";

interface FoldProps {
  title: string;
  /** What holds now. */
  state: string;
  /** Something in it is wrong: it opens by itself. */
  isWrong?: boolean;
  children: ReactNode;
}

export function Fold({ title, state, isWrong = false, children }: FoldProps) {
  const [isOpen, setOpen] = useState(isWrong);
  return (
    <details
      className={classes.fold}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <IconChevronRight size={14} aria-hidden />
        <span className={classes.foldTitle}>{title}</span>
        <span className={classes.foldState} data-wrong={isWrong || undefined} title={state}>
          {state}
        </span>
      </summary>
      {isOpen && <div className={classes.inside}>{children}</div>}
    </details>
  );
}
