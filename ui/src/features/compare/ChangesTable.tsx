/** The differences one by one: their place, and what stood there before and after. */
import { IconMinus, IconPencil, IconPlus, type Icon } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Button } from "@mantine/core";
import { CodeView, CopyButton, Pill } from "@/design";
import type { Tone } from "@/design/status";
import { pathText } from "@/features/payload/paths";
import { useTranslation } from "@/i18n";
import classes from "./Compare.module.css";
import type { Change } from "./diff";

const LOOKS: Record<Change["kind"], [Tone, Icon]> = {
  added: ["ok", IconPlus],
  removed: ["bad", IconMinus],
  changed: ["wait", IconPencil],
};

/** More are shown when asked for: each has its own place for what it says. */
const SHOWN_AT_ONCE = 200;

interface ChangesTableProps {
  changes: Change[];
  names: [ReactNode, ReactNode];
}

export function ChangesTable({ changes, names }: ChangesTableProps) {
  const { t } = useTranslation("compare");
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <div className={classes.page} role="region" aria-label={t("changes")} tabIndex={0}>
      <table className={classes.table} aria-label={t("changes")}>
        <thead>
          <tr>
            <th scope="col">{t("place")}</th>
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, shown).map((change, at) => (
            <ChangeRow key={at} change={change} />
          ))}
        </tbody>
      </table>
      {changes.length > shown && (
        <Button m={16} onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          {t("more", { count: changes.length - shown })}
        </Button>
      )}
    </div>
  );
}

function ChangeRow({ change }: { change: Change }) {
  const { t } = useTranslation("compare");
  const [tone, Icon] = LOOKS[change.kind];
  const path = change.path.length > 0 ? pathText(change.path) : t("whole");
  return (
    <tr>
      <th scope="row">
        <span className={classes.place}>
          <span className="mono">{path}</span>
          <CopyButton text={path} label={t("copyPlace")} />
        </span>
        <Pill tone={tone} Icon={Icon}>
          {t(change.kind)}
        </Pill>
      </th>
      <td>{"before" in change && <Value label={t("before", { path })} value={change.before} />}</td>
      <td>{"after" in change && <Value label={t("after", { path })} value={change.after} />}</td>
    </tr>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return <CodeView label={label} text={JSON.stringify(value, null, 2)} language="json" />;
}
