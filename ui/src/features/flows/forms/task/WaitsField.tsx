/** The waits between the attempts of a delivery: each can be changed, taken out, and one added at the end. */
import { Button } from "@mantine/core";
import { IconPlus, IconRestore, IconTrash } from "@tabler/icons-react";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";
import { DurationField } from "../fields/DurationField";
import { durationText } from "../fields/durations";
import { lastAttemptAfter, waitsOf, WAIT_MAX_MS, WAITS_MAX } from "./task";
import own from "./Task.module.css";

export function WaitsField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const waits = waitsOf(slot.fields);
  const { isReadOnly } = slot.context;
  const isOwn = slot.fields.schedule_ms !== undefined;
  const list = slot.inner("schedule_ms");
  const put = (next: readonly number[]) => slot.set("schedule_ms", [...next]);
  return (
    <div role="group" aria-label={t("task.waits")} className={classes.group}>
      <p className={classes.hint}>
        {t("task.waitsHint", { total: durationText(lastAttemptAfter(waits)) })}
      </p>
      <ol className={own.waits}>
        {waits.map((wait, at) => (
          <li key={at}>
            <DurationField
              label={t("task.wait", { n: at + 2 })}
              value={wait}
              onChange={(ms) => ms !== undefined && put(waits.with(at, ms))}
              context={slot.context}
              minMs={1}
              maxMs={WAIT_MAX_MS}
              error={list.error(String(at))}
            />
            {!isReadOnly && waits.length > 1 && (
              <IconAction
                Icon={IconTrash}
                label={t("task.removeWait", { n: at + 1 })}
                onClick={() => put(waits.toSpliced(at, 1))}
              />
            )}
          </li>
        ))}
      </ol>
      {slot.error("schedule_ms") && <p className={classes.bad}>{slot.error("schedule_ms")}</p>}
      {!isReadOnly && (
        <div className={classes.row}>
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={waits.length >= WAITS_MAX}
            onClick={() => put([...waits, waits.at(-1) ?? 5_000])}
          >
            {t("task.addWait")}
          </Button>
          {isOwn && (
            <Button
              variant="subtle"
              leftSection={<IconRestore size={16} aria-hidden />}
              onClick={() => slot.set("schedule_ms", undefined)}
            >
              {t("task.usualWaits")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
