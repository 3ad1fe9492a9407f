/** Where senders reach the receiver, if that is not its own address; how to get there, and whether it works. */
import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { changeSettings, useSettings, type Settings } from "@/api";
import { ErrorPanel, Loading, useAction } from "@/design";
import { PublicUrlCheck } from "@/features/endpoints/PublicUrlCheck";
import { useTranslation } from "@/i18n";
import { TunnelRecipes } from "./TunnelRecipes";
import classes from "./Settings.module.css";
import { useFollowing } from "./useFollowing";

interface PublicUrlSettingsProps {
  /** The receiver's own URL, and the host and port where it listens. */
  own: string;
  address: string;
}

export function PublicUrlSettings({ own, address }: PublicUrlSettingsProps) {
  const { data, error, refetch } = useSettings();
  if (data) {
    return (
      <>
        <Form settings={data} own={own} />
        <div className={classes.below}>
          <PublicUrlCheck key={data.public_url} isInSettings />
        </div>
        <TunnelRecipes address={address} />
      </>
    );
  }
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
}

function Form({ settings, own }: { settings: Settings; own: string }) {
  const { t } = useTranslation("settings");
  const kept = settings.public_url ?? "";
  const { typed, change, settle } = useFollowing({ url: kept });
  const { url } = typed;
  const save = useAction({
    run: (sent: { url: string }) =>
      changeSettings({ public_url: sent.url.trim() === "" ? null : sent.url.trim() }),
    stale: () => ["settings", "flows", "flow"],
    done: (_, { public_url }) =>
      public_url ? t("publicUrl.done", { url: public_url }) : t("publicUrl.undone"),
    onDone: ({ public_url }, sent) => settle(sent, { url: public_url ?? "" }),
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (url.trim() !== kept) save.mutate(typed);
  }

  return (
    <form onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          className={classes.grow}
          label={t("publicUrl.label")}
          description={t("publicUrl.hint")}
          placeholder={own}
          value={url}
          onChange={(event) => change({ url: event.currentTarget.value })}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" loading={save.isPending} disabled={url.trim() === kept}>
          {t("save")}
        </Button>
      </div>
      {save.error && <ErrorPanel error={save.error} inline />}
    </form>
  );
}
