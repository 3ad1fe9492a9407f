import { Button } from "@mantine/core";
import { useState } from "react";
import type { Listener, ListenerName, Status, Vault } from "@/api";
import { CopyButton, Facts, Prose, StatusPill } from "@/design";
import { useTranslation } from "@/i18n";
import MoveListenerModal from "./MoveListenerModal";
import classes from "./Settings.module.css";

export function ListenerSettings({ status }: { status: Status }) {
  const { t } = useTranslation("settings");
  const [moving, setMoving] = useState<ListenerName>();
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
                onMove={() => setMoving("receiver")}
                move={t("listeners.moveReceiver")}
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
                onMove={() => setMoving("control")}
                move={t("listeners.moveControl")}
              />
            ),
          },
        ]}
      />
      {moving && (
        <MoveListenerModal
          name={moving}
          listener={status[moving]}
          onClose={() => setMoving(undefined)}
        />
      )}
    </>
  );
}

interface AddressProps {
  listener: Listener;
  hint: string;
  copy: string;
  move: string;
  onMove: () => void;
}

function Address({ listener, hint, copy, move, onMove }: AddressProps) {
  const { t } = useTranslation("settings");
  const { state, url, address, problem } = listener;
  return (
    <>
      <div className={classes.row}>
        <StatusPill status={state} />
        <span className="mono">{url || address}</span>
        <CopyButton text={url || address} label={copy} />
        <Button variant="subtle" aria-label={move} onClick={onMove}>
          {t("listeners.move")}
        </Button>
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
        { name: t("data.version"), value: status.version },
      ]}
    />
  );
}
