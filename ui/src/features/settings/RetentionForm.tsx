/** How long the history is kept, and how much of it. What would be deleted by a change is asked about first. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { setRetention, type Retention } from "@/api";
import { ConfirmModal, ErrorPanel, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import {
  bytesOf,
  DAYS_MAX,
  daysOf,
  GIGABYTES_MIN,
  keepsLess,
  typedOf,
  type TypedRetention,
} from "./retention";
import classes from "./Settings.module.css";
import { useFollowing } from "./useFollowing";

interface Asked {
  wanted: Retention;
  /** What stood in the fields. */
  sent: TypedRetention;
}

export function RetentionForm({ retention }: { retention: Retention }) {
  const { t } = useTranslation("settings");
  const kept = typedOf(retention);
  const { typed, change, settle } = useFollowing(kept);
  const { days, gigabytes } = typed;
  const [isAsking, setAsking] = useState(false);
  const [byDays, byBytes] = [daysOf(days), bytesOf(gigabytes)];
  const next = byDays && byBytes && { ...byDays, ...byBytes };
  const isChanged = days.trim() !== kept.days || gigabytes.trim() !== kept.gigabytes;
  const save = useAction({
    run: ({ wanted }: Asked) => setRetention(wanted),
    stale: () => ["storage"],
    done: () => t("storage.done"),
    onDone: (_, { wanted, sent }) => {
      settle(sent, typedOf(wanted));
      setAsking(false);
    },
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!next || !isChanged) return;
    if (keepsLess(retention, next)) setAsking(true);
    else save.mutate({ wanted: next, sent: typed });
  }

  return (
    <form onSubmit={submit} className={classes.below}>
      <div className={classes.fields}>
        <TextInput
          label={t("storage.days")}
          description={t("storage.daysHint")}
          value={days}
          onChange={(event) => change({ days: event.currentTarget.value })}
          error={byDays ? undefined : t("storage.daysBad", { max: DAYS_MAX })}
          inputMode="numeric"
          autoComplete="off"
        />
        <TextInput
          label={t("storage.gigabytes")}
          description={t("storage.gigabytesHint")}
          value={gigabytes}
          onChange={(event) => change({ gigabytes: event.currentTarget.value })}
          error={byBytes ? undefined : t("storage.gigabytesBad", { min: GIGABYTES_MIN })}
          inputMode="decimal"
          autoComplete="off"
        />
        <Button type="submit" loading={save.isPending} disabled={!next || !isChanged}>
          {t("save")}
        </Button>
      </div>
      <p className={`${classes.hint} ${classes.below}`}>{t("storage.text")}</p>
      {save.error && !isAsking && <ErrorPanel error={save.error} inline />}
      {isAsking && next && (
        <ConfirmModal
          title={t("storage.confirm.title")}
          text={t("storage.confirm.text")}
          confirm={t("storage.confirm.submit")}
          busy={save.isPending}
          error={save.error}
          onConfirm={() => save.mutate({ wanted: next, sent: typed })}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  );
}
