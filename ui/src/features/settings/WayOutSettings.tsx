/** How calls leave: through a proxy or not, and whose certificates are believed. */
import { Button, Select, TextInput } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import type { FormEvent } from "react";
import { changeSettings, useSecrets, useSettings, type Settings } from "@/api";
import { ErrorPanel, Loading, Notice, useAction } from "@/design";
import { loadTexts, useTranslation } from "@/i18n";
import { proxyChange, proxyFields, proxyMistake, type ProxyFields } from "./proxy";
import { SettingSwitch } from "./SettingSwitch";
import classes from "./Settings.module.css";
import { useFollowing } from "./useFollowing";

loadTexts("ways");

export function WayOutSettings() {
  const { data, error, refetch } = useSettings();
  if (data) {
    return (
      <>
        <ProxyForm settings={data} />
        <TrustSwitch settings={data} />
      </>
    );
  }
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
}

function ProxyForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation(["ways", "settings"]);
  const kept = proxyFields(settings);
  const { typed, change, settle } = useFollowing(kept);
  const secrets = useSecrets().data?.items.map(({ name }) => name) ?? [];
  const mistake = proxyMistake(typed.url);
  const isChanged = JSON.stringify(typed) !== JSON.stringify(kept);
  const hasUser = /^https?:\/\/[^/@]+@/.test(typed.url.trim());
  const save = useAction({
    run: (sent: ProxyFields) => changeSettings(proxyChange(sent)),
    stale: () => ["settings"],
    done: (_, { proxy_url }) => t(proxy_url ? "ways:proxy.done" : "ways:proxy.undone"),
    onDone: (saved, sent) => settle(sent, proxyFields(saved)),
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isChanged && mistake === null) save.mutate(typed);
  }

  const passwords = [...new Set([...secrets, ...(typed.password ? [typed.password] : [])])];
  return (
    <form onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          className={classes.grow}
          label={t("ways:proxy.url")}
          description={t("ways:proxy.urlHint")}
          placeholder="http://proxy.example:3128"
          value={typed.url}
          onChange={({ currentTarget }) => change({ url: currentTarget.value })}
          error={mistake === null ? undefined : t(`ways:proxy.mistake.${mistake}`)}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
        />
        <Select
          label={t("ways:proxy.password")}
          description={t("ways:proxy.passwordHint")}
          placeholder={t("ways:proxy.noPassword")}
          data={passwords}
          value={typed.password === "" ? null : typed.password}
          onChange={(next) => change({ password: next ?? "" })}
          disabled={!hasUser && typed.password === ""}
          clearable
          searchable
          clearButtonProps={{ "aria-label": t("ways:proxy.clearPassword") }}
        />
      </div>
      <div className={`${classes.fields} ${classes.below}`}>
        <TextInput
          className={classes.grow}
          label={t("ways:proxy.bypass")}
          description={t("ways:proxy.bypassHint")}
          placeholder=".internal.example,10.0.0.0/8"
          value={typed.bypass}
          onChange={({ currentTarget }) => change({ bypass: currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" loading={save.isPending} disabled={!isChanged || mistake !== null}>
          {t("settings:save")}
        </Button>
      </div>
      {save.error && <ErrorPanel error={save.error} inline />}
      {typed.url.trim() !== "" && (
        <div className={classes.below}>
          <Notice Icon={IconShieldExclamation} title={t("ways:proxy.guard")}>
            {t("ways:proxy.guardText")}
          </Notice>
        </div>
      )}
    </form>
  );
}

function TrustSwitch({ settings }: { settings: Settings }) {
  const { t } = useTranslation("ways");
  return (
    <SettingSwitch
      label={t("trust.label")}
      hint={t("trust.hint")}
      isOn={settings.system_trust}
      change={(system_trust) => ({ system_trust })}
      done={(wanted) => t(wanted ? "trust.on" : "trust.off")}
    />
  );
}
