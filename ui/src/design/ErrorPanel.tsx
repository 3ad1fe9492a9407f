/** What happened, why, what to do, and the details to copy for whoever helps. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { ApiError } from "@/api/error";
import { useTranslation } from "@/i18n";
import { CopyButton } from "./CopyButton";
import classes from "./ErrorPanel.module.css";
import { Prose } from "./Prose";
import { errorDetails, useErrorWords } from "./errorWords";

interface ErrorPanelProps {
  error: unknown;
  onRetry?: () => void;
  /** Without air around it, for a place inside a form or a card. */
  inline?: boolean;
}

export function ErrorPanel({ error, onRetry, inline }: ErrorPanelProps) {
  const { t } = useTranslation();
  const { message, hint } = useErrorWords()(error);
  // What is not there does not come by asking again.
  const isMissing = error instanceof ApiError && error.status === 404;
  return (
    <div className={classes.panel} data-inline={inline || undefined} role="alert">
      <IconAlertTriangle size={18} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <p className="strong">
          <Prose text={message} />
        </p>
        {hint && (
          <p className="muted">
            <Prose text={hint} />
          </p>
        )}
        <div className={classes.actions}>
          {onRetry && !isMissing && (
            <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={onRetry}>
              {t("action.tryAgain")}
            </Button>
          )}
          {error instanceof ApiError && (
            <CopyButton
              text={() => errorDetails(error)}
              label={t("error.copyDetails")}
              words={t("error.copyDetails")}
            />
          )}
        </div>
      </div>
    </div>
  );
}
