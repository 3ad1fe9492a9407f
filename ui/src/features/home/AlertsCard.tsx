/** What went wrong by the rules that somebody made, and the rules. */
import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBell,
  IconCheck,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import {
  deleteAlertRule,
  seeAlert,
  useAlertRules,
  useAlerts,
  type Alert,
  type AlertRule,
} from "@/api";
import { IconAction, Pill, Prose, RelativeTime, useAction } from "@/design";
import { usePending, useUndoable } from "@/design/undoable";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { AlertRuleForm } from "./AlertRuleForm";
import { useRuleWords } from "./alertWords";
import classes from "./Home.module.css";

const SHOWN_MAX = 8;

export function AlertsCard() {
  const { t } = useTranslation("home");
  const [form, setForm] = useState<{ rule: AlertRule | null }>();
  const isPending = usePending("alert rule");
  const alerts = useAlerts().data?.alerts ?? [];
  const rules = (useAlertRules().data?.rules ?? []).filter(({ name }) => !isPending(name));
  const shown = alerts
    .filter(({ ended_at, seen }) => ended_at === null || !seen)
    .slice(0, SHOWN_MAX);
  const add = () => setForm({ rule: null });
  useCommands([{ id: "home.alert", label: t("alerts.add"), Icon: IconBell, run: add }]);
  return (
    <section className={`card ${classes.tableCard}`} aria-labelledby="home-alerts">
      <div className={classes.cardHead}>
        <h2 id="home-alerts">{t("alerts.title")}</h2>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {t("alerts.add")}
        </Button>
      </div>
      {shown.map((alert) => (
        <AlertLine key={alert.id} alert={alert} />
      ))}
      {rules.length === 0 && shown.length === 0 && <p className="muted">{t("alerts.none")}</p>}
      {rules.length > 0 && <Rules rules={rules} onEdit={(rule) => setForm({ rule })} />}
      {form && <AlertRuleForm rule={form.rule} onClose={() => setForm(undefined)} />}
    </section>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  const { t } = useTranslation("home");
  const { id, rule, message, began_at, ended_at, seen } = alert;
  const see = useAction({ run: () => seeAlert(id), stale: () => ["alerts"] });
  const isOver = ended_at !== null;
  return (
    <div className={classes.alert}>
      <Pill tone={isOver ? "idle" : "bad"} Icon={isOver ? IconCheck : IconAlertTriangle}>
        {t(isOver ? "alerts.over" : "alerts.on")}
      </Pill>
      <span className="grow">
        <span className="strong">{rule}</span> <Prose text={message} />
      </span>
      <span className="muted">
        <RelativeTime at={began_at} />
      </span>
      {!seen && (
        <Button
          aria-label={t("alerts.seeNamed", { rule })}
          loading={see.isPending}
          onClick={() => see.mutate()}
        >
          {t("alerts.see")}
        </Button>
      )}
    </div>
  );
}

interface RulesProps {
  rules: AlertRule[];
  onEdit: (rule: AlertRule) => void;
}

function Rules({ rules, onEdit }: RulesProps) {
  const { t } = useTranslation("home");
  const words = useRuleWords();
  const undoable = useUndoable();
  const remove = ({ name }: AlertRule) =>
    undoable({
      kind: "alert rule",
      id: name,
      message: t("alerts.deleted", { name }),
      run: () => deleteAlertRule(name),
      stale: ["alert_rules", "alerts"],
    });
  return (
    <ul className={classes.rules} aria-label={t("alerts.rules")}>
      {rules.map((rule) => (
        <li key={rule.name} className={classes.rule}>
          <IconBell size={16} stroke={1.75} aria-hidden />
          <span className="grow">
            <span className="strong">{rule.name}</span> <span className="muted">{words(rule)}</span>
          </span>
          {!rule.is_enabled && <Pill tone="idle">{t("alerts.off")}</Pill>}
          <IconAction
            Icon={IconPencil}
            label={t("alerts.editNamed", { name: rule.name })}
            onClick={() => onEdit(rule)}
          />
          <IconAction
            Icon={IconTrash}
            label={t("alerts.deleteNamed", { name: rule.name })}
            onClick={() => remove(rule)}
          />
        </li>
      ))}
    </ul>
  );
}
