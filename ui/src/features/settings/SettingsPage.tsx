import { Button } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStatus } from "@/api";
import { ErrorPanel, Loading, PageHeader } from "@/design";
import { useTranslation } from "@/i18n";
import { inDesktop, session } from "@/platform";
import { ExchangeSettings } from "@/features/exchange/ExchangeSettings";
import { BackupSettings } from "./backup/BackupSettings";
import { DoctorSettings } from "./DoctorSettings";
import { LookSettings } from "./LookSettings";
import { PublicUrlSettings } from "./PublicUrlSettings";
import classes from "./Settings.module.css";
import { ShortcutSettings } from "./ShortcutSettings";
import { StorageSettings } from "./StorageSettings";
import { DataSettings, ListenerSettings, VaultSettings } from "./StatusSettings";
import { TokenSettings } from "./TokenSettings";
import { UpdateSettings } from "./updates/UpdateSettings";
import { WayOutSettings } from "./WayOutSettings";
import { WindowSettings } from "./WindowSettings";

export function SettingsPage() {
  const { t } = useTranslation(["settings", "ways", "backup", "desktop", "exchange", "updates"]);
  const { data: status, error, refetch } = useStatus();
  return (
    <>
      <PageHeader title={t("title")} />
      <div className={classes.page} role="region" aria-label={t("title")} tabIndex={0}>
        <Section title={t("look.title")}>
          <LookSettings />
        </Section>
        {inDesktop && (
          <Section title={t("desktop:title")}>
            <WindowSettings />
          </Section>
        )}
        {status ? (
          <>
            <Section title={t("listeners.title")}>
              <ListenerSettings status={status} />
            </Section>
            <Section title={t("publicUrl.title")}>
              <PublicUrlSettings own={status.receiver.url} address={status.receiver.address} />
            </Section>
            <Section title={t("ways:wayOut.title")}>
              <WayOutSettings />
            </Section>
            <Section title={t("vault.title")}>
              <VaultSettings vault={status.vault} />
            </Section>
            <Section title={t("data.title")}>
              <DataSettings status={status} />
            </Section>
          </>
        ) : error ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading />
        )}
        <Section title={t("storage.title")}>
          <StorageSettings />
        </Section>
        <Section title={t("backup:title")}>
          <BackupSettings />
        </Section>
        <Section title={t("exchange:title")}>
          <ExchangeSettings />
        </Section>
        <Section title={t("updates:title")}>
          <UpdateSettings />
        </Section>
        <Section title={t("doctor.title")}>
          <DoctorSettings />
        </Section>
        <Section title={t("tokens.title")}>
          <TokenSettings />
        </Section>
        <Section title={t("shortcuts.title")}>
          <ShortcutSettings />
        </Section>
        {!inDesktop && (
          <Section title={t("session.title")}>
            <p className="muted">{t("session.text")}</p>
            <Button
              className={classes.below}
              leftSection={<IconLogout size={16} aria-hidden />}
              onClick={session.drop}
            >
              {t("session.signOut")}
            </Button>
          </Section>
        )}
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={`card ${classes.section}`}>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}
