/** A state of the workspace that needs a person: what it is, and what to do. */
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Banner.module.css";

interface BannerProps {
  tone: "wait" | "bad" | "run";
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
}

export function Banner({ tone, title, text, action }: BannerProps) {
  const Icon = tone === "run" ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={classes.banner} data-tone={tone} role="status">
      <Icon size={16} className={classes.icon} aria-hidden />
      <p className={classes.words}>
        <span className="strong">{title}</span> {text}
      </p>
      {action}
    </div>
  );
}
