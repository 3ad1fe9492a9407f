import { Button } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStatus, type Status } from "@/api";
import { ErrorPanel, Loading, PageHeader } from "@/design";
import { useTranslation } from "@/i18n";
import { inDesktop, session } from "@/platform";
import { ExchangeSettings } from "@/features/exchange/ExchangeSettings";
import { BackupSettings } from "./backup/BackupSettings";
import { DoctorSettings } from "./DoctorSettings";
import { LookSettings } from "./LookSettings";
import { PartsNav } from "./PartsNav";
import { PublicUrlSettings } from "./PublicUrlSettings";
import classes from "./Settings.module.css";
import { ShortcutSettings } from "./ShortcutSettings";
import { StorageSettings } from "./StorageSettings";
import { DataSettings, ListenerSettings, VaultSettings } from "./StatusSettings";
import { TokenSettings } from "./TokenSettings";
import { UpdateSettings } from "./updates/UpdateSettings";
import { elementId, usePartInSight } from "./usePartInSight";
import { WayOutSettings } from "./WayOutSettings";
import { WindowSettings } from "./WindowSettings";

interface SettingsPart {
  /** In the address, after its `#`. */
  id: string;
  title: string;
  body: ReactNode;
}

/** All parts on one page, where the browser finds words too, with a list of them beside it that leads to each. */
export function SettingsPage() {
  const { t } = useTranslation("settings");
  const parts = useParts();
  const { page, inSight, show } = usePartInSight(parts.map(({ id }) => id));
  return (
    <>
      <PageHeader title={t("title")} />
      <div className={classes.room}>
        <PartsNav parts={parts} inSight={inSight} onChoose={show} />
        <div ref={page} className={classes.page} role="region" aria-label={t("title")} tabIndex={0}>
          {parts.map(({ id, title, body }) => (
            <section key={id} id={elementId(id)} className={`card ${classes.section}`}>
              <h2 tabIndex={-1}>{title}</h2>
              <div>{body}</div>
            </section>
          ))}
        </div>
      </div>
    </>
  );
}

function useParts(): SettingsPart[] {
  const { t } = useTranslation(["settings", "ways", "backup", "desktop", "exchange", "updates"]);
  const part = (id: string, title: string, body: ReactNode) => ({ id, title, body });
  return [
    part("look", t("look.title"), <LookSettings />),
    ...(inDesktop ? [part("window", t("desktop:title"), <WindowSettings />)] : []),
    part(
      "addresses",
      t("listeners.title"),
      <WithStatus>{(status) => <ListenerSettings status={status} />}</WithStatus>,
    ),
    part(
      "public-url",
      t("publicUrl.title"),
      <WithStatus>
        {({ receiver }) => <PublicUrlSettings own={receiver.url} address={receiver.address} />}
      </WithStatus>,
    ),
    part("way-out", t("ways:wayOut.title"), <WayOutSettings />),
    part(
      "secret-store",
      t("vault.title"),
      <WithStatus>{({ vault }) => <VaultSettings vault={vault} />}</WithStatus>,
    ),
    part(
      "data",
      t("data.title"),
      <WithStatus>{(status) => <DataSettings status={status} />}</WithStatus>,
    ),
    part("storage", t("storage.title"), <StorageSettings />),
    part("backup", t("backup:title"), <BackupSettings />),
    part("exchange", t("exchange:title"), <ExchangeSettings />),
    part("updates", t("updates:title"), <UpdateSettings />),
    part("doctor", t("doctor.title"), <DoctorSettings />),
    part("tokens", t("tokens.title"), <TokenSettings />),
    part("shortcuts", t("shortcuts.title"), <ShortcutSettings />),
    ...(inDesktop ? [] : [part("session", t("session.title"), <SessionSettings />)]),
  ];
}

/** Each part is there from the beginning, so that what comes late moves nothing into another place than its own. */
function WithStatus({ children }: { children: (status: Status) => ReactNode }) {
  const { data, error, refetch } = useStatus();
  if (data) return children(data);
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
}

function SessionSettings() {
  const { t } = useTranslation("settings");
  return (
    <>
      <p className="muted">{t("session.text")}</p>
      <Button
        className={classes.below}
        leftSection={<IconLogout size={16} aria-hidden />}
        onClick={session.drop}
      >
        {t("session.signOut")}
      </Button>
    </>
  );
}
