/** The URLs with a token of an endpoint: made, listed by name and last use, revoked. */
import { Button } from "@mantine/core";
import { IconLink, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { revokeEndpointToken, useEndpointTokens, type EndpointToken } from "@/api";
import { ConfirmedAction, ErrorPanel, IconAction, RelativeTime } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import classes from "../FlowPage.module.css";
import own from "./Panels.module.css";
import { TokenUrlForm } from "./TokenUrlForm";

export interface OfEndpoint {
  flow: string;
  endpoint: string;
}

type Dialog = "make" | { revoke: string };

export function EndpointTokens({ flow, endpoint }: OfEndpoint) {
  const { t } = useTranslation("parts");
  const { data, error, refetch } = useEndpointTokens(flow, endpoint);
  const [dialog, setDialog] = useState<Dialog>();
  const make = () => setDialog("make");
  const close = () => setDialog(undefined);
  useCommands([{ id: "endpoint.token", label: t("tokens.makeFor"), Icon: IconLink, run: make }]);
  return (
    <section className={classes.field}>
      <h3>
        {t("tokens.title")}
        <Button
          variant="subtle"
          leftSection={<IconPlus size={16} aria-hidden />}
          aria-label={t("tokens.makeFor")}
          onClick={make}
        >
          {t("tokens.make")}
        </Button>
      </h3>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} inline />}
      {data && data.items.length > 0 && (
        <ul className={own.list} aria-label={t("tokens.list", { endpoint })}>
          {data.items.map((token) => (
            <Token
              key={token.name}
              token={token}
              onRevoke={() => setDialog({ revoke: token.name })}
            />
          ))}
        </ul>
      )}
      <p className={classes.hint}>{t("tokens.text")}</p>
      {dialog === "make" && <TokenUrlForm flow={flow} endpoint={endpoint} onClose={close} />}
      {typeof dialog === "object" && (
        <Revoke flow={flow} endpoint={endpoint} name={dialog.revoke} onClose={close} />
      )}
    </section>
  );
}

function Token({ token, onRevoke }: { token: EndpointToken; onRevoke: () => void }) {
  const { t } = useTranslation("parts");
  const { name, created_at, last_used_at } = token;
  return (
    <li className={own.item}>
      <div className={own.words}>
        <div className={own.name}>{name}</div>
        <div className={own.caption}>
          {last_used_at ? (
            <>
              {t("tokens.used")} <RelativeTime at={last_used_at} />
            </>
          ) : (
            t("tokens.neverUsed")
          )}
          {" · "}
          {t("tokens.made")} <RelativeTime at={created_at} />
        </div>
      </div>
      <IconAction Icon={IconTrash} label={t("tokens.revoke", { name })} onClick={onRevoke} />
    </li>
  );
}

function Revoke({
  flow,
  endpoint,
  name,
  onClose,
}: OfEndpoint & { name: string; onClose: () => void }) {
  const { t } = useTranslation("parts");
  return (
    <ConfirmedAction
      title={t("tokens.confirm.title", { name })}
      text={t("tokens.confirm.text")}
      confirm={t("tokens.confirm.submit")}
      run={() => revokeEndpointToken(flow, endpoint, name)}
      stale={[`flow:${flow}`]}
      done={t("tokens.confirm.done", { name })}
      onClose={onClose}
    />
  );
}
