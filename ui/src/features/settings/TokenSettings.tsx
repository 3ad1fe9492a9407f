import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { revokeToken, useTokens, type AccessToken } from "@/api";
import { ConfirmedAction, ErrorPanel, Loading, RelativeTime, SimpleTable } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import classes from "./Settings.module.css";
import { TokenForm } from "./TokenForm";

type Dialog = "make" | { revoke: string };

export function TokenSettings() {
  const { t } = useTranslation("settings");
  const { data, error, refetch } = useTokens();
  const [dialog, setDialog] = useState<Dialog>();
  const make = () => setDialog("make");
  const close = () => setDialog(undefined);
  useCommands([{ id: "tokens.make", label: t("tokens.make"), Icon: IconKey, run: make }]);
  return (
    <>
      <p className="muted">{t("tokens.text")}</p>
      <Button
        className={classes.below}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={make}
      >
        {t("tokens.make")}
      </Button>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} inline />}
      {!error && !data && <Loading />}
      {data && data.items.length > 0 && (
        <TokensTable tokens={data.items} onRevoke={(revoke) => setDialog({ revoke })} />
      )}
      {dialog === "make" && <TokenForm onClose={close} />}
      {typeof dialog === "object" && <RevokeToken name={dialog.revoke} onClose={close} />}
    </>
  );
}

interface TokensTableProps {
  tokens: AccessToken[];
  onRevoke: (name: string) => void;
}

function TokensTable({ tokens, onRevoke }: TokensTableProps) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <SimpleTable
      label={t("settings:tokens.list")}
      headers={[
        t("settings:tokens.name"),
        t("settings:tokens.scope"),
        t("settings:tokens.created"),
        t("settings:tokens.lastUsed"),
      ]}
      actionsHeader={t("common:action.actions")}
      rows={tokens.map(({ name, scope, created_at, last_used_at }) => ({
        key: name,
        cells: [
          name,
          t(`settings:tokens.scopes.${scope}`),
          <RelativeTime key="created" at={created_at} />,
          last_used_at ? <RelativeTime key="used" at={last_used_at} /> : t("settings:tokens.never"),
        ],
        actions: (
          <Button
            aria-label={t("settings:tokens.revokeNamed", { name })}
            onClick={() => onRevoke(name)}
          >
            {t("settings:tokens.revoke")}
          </Button>
        ),
      }))}
    />
  );
}

function RevokeToken({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <ConfirmedAction
      title={t("tokens.confirm.title", { name })}
      text={t("tokens.confirm.text")}
      confirm={t("tokens.confirm.submit")}
      run={() => revokeToken(name)}
      stale={["tokens"]}
      done={t("tokens.confirm.done", { name })}
      onClose={onClose}
    />
  );
}
