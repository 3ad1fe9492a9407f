/** A few words inside a page or a form that somebody should read before going on. */
import { IconAlertTriangle, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Notice.module.css";

interface NoticeProps {
  title?: ReactNode;
  children: ReactNode;
  Icon?: Icon;
  /** It came while the page was looked at: it is read aloud. */
  live?: boolean;
}

export function Notice({ title, children, Icon = IconAlertTriangle, live }: NoticeProps) {
  return (
    <div className={classes.notice} role={live ? "status" : undefined}>
      <Icon size={16} stroke={1.75} aria-hidden />
      <div className={classes.words}>
        {title && <p className="strong">{title}</p>}
        <p>{children}</p>
      </div>
    </div>
  );
}
