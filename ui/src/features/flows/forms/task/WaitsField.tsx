/** The waits between the attempts of a delivery: each can be changed, moved, taken out, and one added at the end. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconDotsVertical,
  IconPlus,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";
import { DurationField } from "../fields/DurationField";
import { durationText } from "../fields/durations";
import { RowHandle } from "../fields/RowHandle";
import { moved, useRowOrder, type RowOrder } from "../fields/rowOrder";
import { lastAttemptAfter, waitsOf, WAIT_MAX_MS, WAITS_MAX } from "./task";
import own from "./Task.module.css";

export function WaitsField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const waits = waitsOf(slot.fields);
  const { isReadOnly } = slot.context;
  const isOwn = slot.fields.schedule_ms !== undefined;
  const list = slot.inner("schedule_ms");
  const put = (next: readonly number[]) => slot.set("schedule_ms", [...next]);
  const nameOf = (at: number) => t("task.wait", { n: at + 2 });
  const { box, order } = useRowOrder({
    count: waits.length,
    nameOf,
    onMove: (from, to) => put(moved(waits, from, to)),
  });
  return (
    <div role="group" aria-label={t("task.waits")} className={classes.group}>
      <p className={classes.hint}>
        {t("task.waitsHint", { total: durationText(lastAttemptAfter(waits)) })}
      </p>
      <ol className={own.waits} ref={box}>
        {waits.map((wait, at) => (
          <li key={at} {...order.row(at)}>
            {!isReadOnly && <RowHandle name={nameOf(at)} {...order.handle(at)} />}
            <DurationField
              label={nameOf(at)}
              value={wait}
              onChange={(ms) => ms !== undefined && put(waits.with(at, ms))}
              context={slot.context}
              minMs={1}
              maxMs={WAIT_MAX_MS}
              error={list.error(String(at))}
            />
            {!isReadOnly && waits.length > 1 && (
              <WaitMenu
                name={nameOf(at)}
                at={at}
                count={waits.length}
                order={order}
                onRemove={() => {
                  put(waits.toSpliced(at, 1));
                  order.focusRow(at);
                }}
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

interface WaitMenuProps {
  name: string;
  at: number;
  count: number;
  order: RowOrder;
  onRemove: () => void;
}

function WaitMenu({ name, at, count, order, onRemove }: WaitMenuProps) {
  const { t } = useTranslation("forms");
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t("pairs.menu", { name })}>
          <IconDotsVertical size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {at > 0 && (
          <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => order.move(at, at - 1)}>
            {t("pairs.up")}
          </Menu.Item>
        )}
        {at < count - 1 && (
          <Menu.Item
            leftSection={<IconArrowDown size={14} />}
            onClick={() => order.move(at, at + 1)}
          >
            {t("pairs.down")}
          </Menu.Item>
        )}
        <Menu.Item data-danger leftSection={<IconTrash size={14} />} onClick={onRemove}>
          {t("pairs.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
