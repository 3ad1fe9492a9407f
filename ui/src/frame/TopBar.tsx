import {
  IconCheck,
  IconCopy,
  IconMoon,
  IconSearch,
  IconSun,
  IconWebhook,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useLive, useStatus } from "@/api";
import { IconAction, useCopy } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Frame.module.css";
import { shownKey } from "./keys";
import { effectiveKey, useOwnKeys } from "./ownKeys";
import { openPalette } from "./paletteDoor";
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
      <button type="button" className={classes.search} onClick={openPalette}>
        <IconSearch size={16} stroke={1.75} aria-hidden />
        <span className={classes.searchWords}>{t("palette.open")}</span>
        <PaletteKey />
      </button>
      <div className={classes.end}>
        <Receiver />
        <ThemeButton />
      </div>
    </header>
  );
}

function PaletteKey() {
  const own = useOwnKeys((keys) => keys.own);
  const key = effectiveKey(own, { id: "palette.open", shortcut: "mod+K" });
  return key && <kbd className={classes.key}>{shownKey(key)}</kbd>;
}

function Receiver() {
  const { t } = useTranslation();
  const { data } = useStatus();
  const { copied, copy } = useCopy();
  const isBroken = useLive((live) => live.state === "broken");
  if (!data || isBroken) {
    return (
      <span className={classes.listen}>
        <span className={classes.dot} data-tone="idle" />
        {t(isBroken ? "receiver.lost" : "receiver.unknown")}
      </span>
    );
  }
  const { state, address, url } = data.receiver;
  if (state !== "listening") {
    const isPaused = state === "paused";
    return (
      <Link to="/settings" hash="addresses" className={classes.listen}>
        <span className={classes.dot} data-tone={isPaused ? "wait" : "bad"} />
        {t(isPaused ? "receiver.paused" : "receiver.off")}
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
    <IconAction
      Icon={shown === "dark" ? IconSun : IconMoon}
      label={label}
      onClick={toggle}
      stroke={1.75}
    />
  );
}
