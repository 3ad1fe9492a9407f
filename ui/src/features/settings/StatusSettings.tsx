import type { Listener, Status, Vault } from "@/api";
import { CopyButton, Facts, formatCount, Prose, StatusPill } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Settings.module.css";

export function ListenerSettings({ status }: { status: Status }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <Facts
        facts={[
          {
            name: t("listeners.receiver"),
            value: (
              <Address
                listener={status.receiver}
                hint={t("listeners.receiverHint")}
                copy={t("listeners.copyReceiver")}
              />
            ),
          },
          {
            name: t("listeners.control"),
            value: (
              <Address
                listener={status.control}
                hint={t("listeners.controlHint")}
                copy={t("listeners.copyControl")}
              />
            ),
          },
        ]}
      />
      <p className={`${classes.hint} ${classes.below}`}>{t("listeners.change")}</p>
    </>
  );
}

function Address({ listener, hint, copy }: { listener: Listener; hint: string; copy: string }) {
  const { state, url, address, problem } = listener;
  return (
    <>
      <div className={classes.row}>
        <StatusPill status={state} />
        <span className="mono">{url || address}</span>
        <CopyButton text={url || address} label={copy} />
      </div>
      <p className={classes.hint}>{hint}</p>
      {problem && (
        <p>
          <span className="strong">
            <Prose text={problem.message} />
          </span>{" "}
          <Prose text={problem.hint ?? ""} />
        </p>
      )}
    </>
  );
}

export function VaultSettings({ vault }: { vault: Vault }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <div className={classes.row}>
        <StatusPill status={vault.state} />
        {t(`vault.${vault.kind}`)}
      </div>
      <p className="muted">
        <Prose text={`${vault.message} ${vault.hint ?? ""}`} />
      </p>
    </>
  );
}

export function DataSettings({ status }: { status: Status }) {
  const { t } = useTranslation("settings");
  const { counts } = status;
  return (
    <Facts
      facts={[
        {
          name: t("data.folder"),
          value: (
            <span className={classes.row}>
              <span className="mono">{status.data_dir}</span>
              <CopyButton text={status.data_dir} label={t("data.copyFolder")} />
            </span>
          ),
        },
        { name: t("data.workspace"), value: <span className="mono">{status.workspace}</span> },
        {
          name: t("data.counts"),
          value: (["jobs", "requests", "deliveries"] as const)
            .map((each) =>
              t(`data.${each}`, { count: counts[each], shown: formatCount(counts[each]) }),
            )
            .join(", "),
        },
        { name: t("data.version"), value: status.version },
      ]}
    />
  );
}
