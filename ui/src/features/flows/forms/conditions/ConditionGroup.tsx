/** Rows of a condition that hold together: all of them, any, or none; groups stand in groups. */
import { Button, NativeSelect } from "@mantine/core";
import { IconPlus, IconStack2, IconTrash } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import { RowHandle } from "../fields/RowHandle";
import { moved, useRowOrder } from "../fields/rowOrder";
import type { FormContext } from "../types";
import { ConditionRow } from "./ConditionRow";
import own from "./Conditions.module.css";
import { emptyRow, group as newGroup, isGroup, JOINS, type Group, type Join } from "./model";

/** Deeper ones are shown where a document has them, and not offered: nobody can follow them. */
const DEPTH_MAX = 2;

interface ConditionGroupProps {
  /** Of the whole condition. */
  label: string;
  group: Group;
  depth: number;
  onChange: (group: Group) => void;
  context: FormContext;
  /** A group in a group can be taken out. */
  remove?: ReactNode;
}

export function ConditionGroup(props: ConditionGroupProps) {
  const { label, group, depth, onChange, context, remove } = props;
  const { t } = useTranslation("forms");
  const isOpen = !context.isReadOnly;
  // An empty condition shows the row that one begins with.
  const [blank] = useState(emptyRow);
  const items = group.items.length === 0 && depth === 0 && isOpen ? [blank] : group.items;
  const put = (next: Group["items"]) => onChange({ ...group, items: next });
  const nameOf = (at: number) => t("rows.row", { number: at + 1 });
  const order = useRowOrder({
    count: items.length,
    nameOf,
    onMove: (from, to) => put(moved(items, from, to)),
  });
  const removeOf = (at: number) =>
    isOpen && (
      <IconAction
        Icon={IconTrash}
        label={t("rows.remove", { name: nameOf(at) })}
        onClick={() => {
          put(items.toSpliced(at, 1));
          order.focusRow(at);
        }}
      />
    );
  const joins = JOINS.filter((join) => depth > 0 || join !== "none");
  return (
    <div className={own.group} data-nested={depth > 0 || undefined}>
      {(items.length > 1 || depth > 0) && (
        <div className={own.head}>
          <NativeSelect
            aria-label={t("rows.joinOf", { label })}
            data={joins.map((value) => ({ value, label: t(`rows.join.${value}`) }))}
            value={group.join}
            disabled={!isOpen}
            onChange={(event) => onChange({ ...group, join: event.currentTarget.value as Join })}
          />
          {remove}
        </div>
      )}
      <div className={own.rows} ref={order.box}>
        {items.map((item, at) => (
          <div
            key={item.id}
            className={own.item}
            role="group"
            aria-label={nameOf(at)}
            {...order.row(at)}
          >
            {isOpen && <RowHandle name={nameOf(at)} {...order.handle(at)} />}
            {isGroup(item) ? (
              <ConditionGroup
                label={`${label}, ${nameOf(at)}`}
                group={item}
                depth={depth + 1}
                onChange={(next) => put(items.with(at, next))}
                context={context}
                remove={removeOf(at)}
              />
            ) : (
              <>
                <ConditionRow
                  row={item}
                  number={at + 1}
                  onChange={(next) => put(items.with(at, next))}
                  context={context}
                />
                {removeOf(at)}
              </>
            )}
          </div>
        ))}
      </div>
      {isOpen && (
        <div className={own.foot}>
          <Button
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={t("rows.addTo", { label })}
            onClick={() => {
              put([...items, emptyRow()]);
              order.focusRow(items.length);
            }}
          >
            {t("rows.add")}
          </Button>
          {depth < DEPTH_MAX && (
            <Button
              variant="subtle"
              leftSection={<IconStack2 size={14} aria-hidden />}
              aria-label={t("rows.addGroupTo", { label })}
              onClick={() => {
                const join = group.join === "any" ? "all" : "any";
                put([...items, newGroup(join, [emptyRow(), emptyRow()])]);
                order.focusRow(items.length);
              }}
            >
              {t("rows.addGroup")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
