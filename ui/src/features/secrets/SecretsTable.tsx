import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Secret } from "@/api";
import { IconAction, RelativeTime, SimpleTable, StatusPill } from "@/design";
import classes from "@/design/SimpleTable.module.css";
import { usePending } from "@/design/undoable";
import { useTranslation } from "@/i18n";

interface SecretsTableProps {
  secrets: Secret[];
  onSet: (secret: Secret) => void;
  onDelete: (secret: Secret) => void;
}

/** Names and states. There is no way to a value from here. */
export function SecretsTable({ secrets, onSet, onDelete }: SecretsTableProps) {
  const { t } = useTranslation(["workspace", "common"]);
  const isPending = usePending("secret");
  const headers = [
    t("workspace:secrets.name"),
    t("workspace:secrets.state"),
    t("workspace:secrets.usedBy"),
    t("workspace:secrets.updated"),
  ];
  return (
    <SimpleTable
      label={t("workspace:secrets.list")}
      headers={headers}
      actionsHeader={t("common:action.actions")}
      rows={secrets
        .filter(({ name }) => !isPending(name))
        .map((secret) => ({
          key: secret.name,
          cells: [
            <span key="name" className={`mono ${classes.long}`} title={secret.name}>
              {secret.name}
            </span>,
            <StatusPill key="state" status={secret.state} />,
            <UsedBy key="used" secret={secret} />,
            <span key="updated" className={`muted ${classes.brief}`}>
              {secret.updated_at ? (
                <RelativeTime at={secret.updated_at} />
              ) : (
                t("workspace:secrets.never")
              )}
            </span>,
          ],
          actions: <Actions secret={secret} onSet={onSet} onDelete={onDelete} />,
        }))}
    />
  );
}

function UsedBy({ secret: { used_by } }: { secret: Secret }) {
  const { t } = useTranslation("workspace");
  const flows = [...new Set(used_by.map(({ flow }) => flow))];
  if (flows.length === 0) return <span className="faint">{t("secrets.unused")}</span>;
  return flows.map((flow, at) => (
    <span key={flow}>
      {at > 0 && ", "}
      <Link to="/flows/$name" params={{ name: flow }} title={placesIn(used_by, flow)}>
        {flow}
      </Link>
    </span>
  ));
}

function placesIn(uses: Secret["used_by"], flow: string): string {
  return uses
    .filter((use) => use.flow === flow)
    .map(({ place }) => place)
    .join("\n");
}

function Actions({
  secret,
  onSet,
  onDelete,
}: Omit<SecretsTableProps, "secrets"> & { secret: Secret }) {
  const { t } = useTranslation("workspace");
  const { name, state } = secret;
  const isSet = state !== "missing";
  const remove = t("secrets.deleteNamed", { name });
  return (
    <>
      <Button
        variant={isSet ? "default" : "filled"}
        aria-label={t(isSet ? "secrets.replaceNamed" : "secrets.setNamed", { name })}
        onClick={() => onSet(secret)}
      >
        {t(isSet ? "secrets.replace" : "secrets.set")}
      </Button>
      {isSet ? (
        <IconAction Icon={IconTrash} label={remove} onClick={() => onDelete(secret)} />
      ) : (
        <span className={classes.noAction} />
      )}
    </>
  );
}
