/** Makes or changes a rule: what is watched, from when on it is wrong, and how much has to be there to judge by. */
import { Button, NativeSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { putAlertRule, useFlows, type AlertKind, type AlertRule } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { useRuleWords } from "./alertWords";

const KINDS: AlertKind[] = ["error_share", "silence", "spike"];

const NEW_RULE: AlertRule = {
  name: "",
  kind: "error_share",
  flow: null,
  endpoint: null,
  threshold: 0.1,
  window_minutes: 10,
  minimum: 5,
  is_enabled: true,
};

/** What a kind begins with: a share, nothing, or a factor. */
const THRESHOLDS: Record<AlertKind, number> = { error_share: 0.1, silence: 0, spike: 3 };

export function AlertRuleForm({ rule, onClose }: { rule: AlertRule | null; onClose: () => void }) {
  const { t } = useTranslation(["home", "common"]);
  const [begun] = useState(rule ?? NEW_RULE);
  const [draft, setDraft] = useState(begun);
  const change = (fields: Partial<AlertRule>) => setDraft({ ...draft, ...fields });
  const words = useRuleWords();
  const name = draft.name.trim();
  const save = useAction({
    run: () => putAlertRule({ ...draft, name }),
    stale: () => ["alert_rules", "alerts"],
    done: () => t("home:rule.saved", { name }),
    onDone: onClose,
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name !== "") save.mutate();
  }

  return (
    <Dialog
      title={t(rule ? "home:rule.edit" : "home:alerts.add")}
      onClose={onClose}
      width={520}
      unsaved={draft !== begun}
    >
      <form className={forms.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t("home:rule.name")}
          value={draft.name}
          disabled={rule !== null}
          maxLength={64}
          onChange={(event) => change({ name: event.currentTarget.value })}
          autoComplete="off"
        />
        <NativeSelect
          label={t("home:rule.kind")}
          data={KINDS.map((kind) => ({ value: kind, label: t(`home:rule.kinds.${kind}`) }))}
          value={draft.kind}
          onChange={(event) => {
            const kind = event.currentTarget.value as AlertKind;
            change({ kind, threshold: THRESHOLDS[kind] });
          }}
        />
        <Where draft={draft} onChange={change} />
        <Numbers draft={draft} onChange={change} />
        <Switch
          size="xs"
          label={t("home:rule.enabled")}
          checked={draft.is_enabled}
          onChange={(event) => change({ is_enabled: event.currentTarget.checked })}
        />
        <p className="muted" role="status">
          {words(draft)}
        </p>
        {save.error && <ErrorPanel error={save.error} inline />}
        <div className={forms.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" disabled={name === ""} loading={save.isPending}>
            {t("home:rule.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: AlertRule;
  onChange: (fields: Partial<AlertRule>) => void;
}

function Where({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation("home");
  const flows = useFlows().data?.items ?? [];
  const endpoints = flows.find(({ name }) => name === draft.flow)?.endpoints ?? [];
  return (
    <>
      <Select
        label={t("rule.flow")}
        placeholder={t("rule.anyFlow")}
        data={flows.map(({ name, title }) => ({ value: name, label: title || name }))}
        value={draft.flow}
        onChange={(flow) => onChange({ flow, endpoint: null })}
        clearable
        searchable
      />
      {endpoints.length > 0 && (
        <Select
          label={t("rule.endpoint")}
          placeholder={t("rule.anyEndpoint")}
          data={endpoints.map(({ name }) => name)}
          value={draft.endpoint}
          onChange={(endpoint) => onChange({ endpoint })}
          clearable
        />
      )}
    </>
  );
}

function Numbers({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation("home");
  const { kind, threshold, window_minutes, minimum } = draft;
  const number = (value: string | number, least: number) => Math.max(least, Number(value) || least);
  return (
    <>
      {kind === "error_share" && (
        <NumberInput
          size="xs"
          label={t("rule.share")}
          value={Math.round(threshold * 1000) / 10}
          min={0}
          max={100}
          onChange={(value) => onChange({ threshold: Math.min(100, number(value, 0)) / 100 })}
        />
      )}
      {kind === "spike" && (
        <NumberInput
          size="xs"
          label={t("rule.factor")}
          value={threshold}
          min={1}
          step={0.5}
          onChange={(value) => onChange({ threshold: number(value, 1) })}
        />
      )}
      <NumberInput
        size="xs"
        label={t("rule.window")}
        value={window_minutes}
        min={1}
        max={1440}
        allowDecimal={false}
        onChange={(value) => onChange({ window_minutes: Math.min(1440, number(value, 1)) })}
      />
      <NumberInput
        size="xs"
        label={t("rule.minimum")}
        description={t(kind === "silence" ? "rule.minimumOfSilence" : "rule.minimumHint")}
        value={minimum}
        min={1}
        allowDecimal={false}
        onChange={(value) => onChange({ minimum: number(value, 1) })}
      />
    </>
  );
}
