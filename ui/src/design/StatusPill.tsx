/** A state: always an icon and a word, never a colour alone. */
import { IconCheck, IconX, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./StatusPill.module.css";
import { httpTone, statusLook, type Tone } from "./status";

interface PillProps {
  tone: Tone;
  Icon?: Icon;
  children: ReactNode;
}

export function Pill({ tone, Icon, children }: PillProps) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {Icon ? <Icon size={13} stroke={2.25} aria-hidden /> : <span className={classes.dot} />}
      <span className={classes.words}>{children}</span>
    </span>
  );
}

export function StatusPill({ status, detail }: { status: string; detail?: string }) {
  const { t } = useTranslation();
  const { tone, Icon, name } = statusLook(status);
  const word = name ? t(`status.${name}`) : status;
  return (
    <Pill tone={tone} Icon={Icon}>
      {detail ? `${word}, ${detail}` : word}
    </Pill>
  );
}

export function HttpPill({ status, text }: { status: number; text?: string | undefined }) {
  const tone = httpTone(status);
  return (
    <Pill tone={tone} Icon={tone === "ok" ? IconCheck : IconX}>
      {text ? `${status} ${text}` : status}
    </Pill>
  );
}
