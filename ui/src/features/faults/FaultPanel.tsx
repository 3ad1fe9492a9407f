import { IconAlertTriangle } from "@tabler/icons-react";
import type { Fault } from "@/api";
import { CopyButton, Prose, RelativeTime } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FaultPanel.module.css";

/** A recorded failure of a job, a step or a delivery, in its own words. */
export function FaultPanel({ fault, title }: { fault: Fault; title?: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.panel}>
      <IconAlertTriangle size={16} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        {title && <p className="muted">{title}</p>}
        <p className="strong">
          <Prose text={fault.message} />
        </p>
        <p className="faint">
          <span className="mono">{fault.code}</span> · <RelativeTime at={fault.at} />
        </p>
      </div>
      <CopyButton text={() => JSON.stringify(fault, null, 2)} label={t("error.copyDetails")} />
    </div>
  );
}
