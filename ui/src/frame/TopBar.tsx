import { ActionIcon, Tooltip } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import {
  IconCheck,
  IconCopy,
  IconMoon,
  IconSearch,
  IconSun,
  IconWebhook,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useStatus } from "@/api";
import { useCopy } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Frame.module.css";
import { useTheme } from "./useTheme";

export function TopBar() {
  const { t } = useTranslation();
  return (
    <header className={classes.top}>
      <Link to="/" className={classes.brand} style={{ color: "inherit", textDecoration: "none" }}>
        <span className={classes.logo}>
          <IconWebhook size={16} stroke={1.75} aria-hidden />
        </span>
        {t("app.name")}
      </Link>
      <button type="button" className={classes.search} onClick={spotlight.open}>
        <IconSearch size={16} stroke={1.75} aria-hidden />
        <span className={classes.searchWords}>{t("palette.open")}</span>
        <kbd className={classes.key}>{t("palette.key")}</kbd>
      </button>
      <div className={classes.end}>
        <Receiver />
        <ThemeButton />
      </div>
    </header>
  );
}

function Receiver() {
  const { t } = useTranslation();
  const { data } = useStatus();
  const { copied, copy } = useCopy();
  if (!data) {
    return (
      <span className={classes.listen}>
        <span className={classes.dot} data-tone="idle" />
        {t("receiver.unknown")}
      </span>
    );
  }
  const { state, address, url } = data.receiver;
  if (state !== "listening") {
    return (
      <Link to="/settings" className={classes.listen}>
        <span className={classes.dot} data-tone="bad" />
        {t("receiver.off")}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={classes.listen}
      title={t("receiver.copy")}
      onClick={() => void copy(url)}
    >
      <span className={classes.dot} />
      <span>
        {t("receiver.listening")} <span className="mono">{address}</span>
      </span>
      {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      <span className="sr-only">{t("receiver.copy")}</span>
    </button>
  );
}

function ThemeButton() {
  const { t } = useTranslation();
  const { shown, toggle } = useTheme();
  const label = t(shown === "dark" ? "theme.toLight" : "theme.toDark");
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={toggle}>
        {shown === "dark" ? (
          <IconSun size={16} stroke={1.75} aria-hidden />
        ) : (
          <IconMoon size={16} stroke={1.75} aria-hidden />
        )}
      </ActionIcon>
    </Tooltip>
  );
}
