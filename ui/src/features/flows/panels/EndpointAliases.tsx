/** The paths that an endpoint had before; nothing while it has none. */
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { deleteEndpointAlias, useEndpointAliases, type EndpointAlias } from "@/api";
import { ConfirmedAction, ErrorPanel, IconAction, RelativeTime } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../FlowPage.module.css";
import type { OfEndpoint } from "./EndpointTokens";
import own from "./Panels.module.css";

export function EndpointAliases({ flow, endpoint }: OfEndpoint) {
  const { t } = useTranslation("parts");
  const { data, error, refetch } = useEndpointAliases(flow, endpoint);
  const [leaving, setLeaving] = useState<EndpointAlias>();
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} inline />;
  if (!data || data.items.length === 0) return null;
  return (
    <section className={classes.field}>
      <h3>{t("aliases.title")}</h3>
      <ul className={own.list} aria-label={t("aliases.list", { endpoint })}>
        {data.items.map((alias) => (
          <li key={alias.id} className={own.item}>
            <div className={own.words}>
              <div className={`mono ${own.url}`}>{alias.path}</div>
              <div className={own.caption}>
                <RelativeTime at={alias.created_at} />
              </div>
            </div>
            <IconAction
              Icon={IconTrash}
              label={t("aliases.delete", { path: alias.path })}
              onClick={() => setLeaving(alias)}
            />
          </li>
        ))}
      </ul>
      <p className={classes.hint}>{t("aliases.text")}</p>
      {leaving && <DeleteAlias alias={leaving} onClose={() => setLeaving(undefined)} />}
    </section>
  );
}

function DeleteAlias({ alias, onClose }: { alias: EndpointAlias; onClose: () => void }) {
  const { t } = useTranslation("parts");
  return (
    <ConfirmedAction
      title={t("aliases.confirm.title")}
      text={
        <>
          <code>{alias.path}</code>
          <p>{t("aliases.confirm.text")}</p>
        </>
      }
      confirm={t("aliases.confirm.submit")}
      run={() => deleteEndpointAlias(alias.id)}
      stale={[`flow:${alias.flow}`]}
      done={t("aliases.confirm.done")}
      onClose={onClose}
    />
  );
}
