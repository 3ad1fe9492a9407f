/** What is said to a language model: who speaks, and what. */
import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "../../document";
import { FieldFrame } from "../fields/FieldFrame";
import fieldClasses from "../fields/Fields.module.css";
import { JsonField } from "../fields/JsonField";
import { RowHandle } from "../fields/RowHandle";
import { moved, useRowOrder } from "../fields/rowOrder";
import { TemplateField } from "../TemplateField";
import type { FormContext } from "../types";
import own from "./Steps.module.css";

const ROLES = ["system", "developer", "user", "assistant"];

interface MessagesTableProps {
  value: unknown;
  onChange: (messages: unknown) => void;
  context: FormContext;
  error: string | undefined;
}

export function MessagesTable({ value, onChange, context, error }: MessagesTableProps) {
  const { t } = useTranslation("forms");
  const id = useId();
  const label = t("llm.messages");
  const isTable =
    Array.isArray(value) &&
    value.every(
      (each) =>
        isFields(each) && typeof each.content === "string" && ROLES.includes(text(each.role)),
    );
  if (!isTable) {
    return (
      <JsonField
        label={label}
        description={t("llm.messagesHint")}
        value={value}
        onChange={onChange}
        context={context}
        error={error}
      />
    );
  }
  return <Messages {...{ id, messages: value as Fields[], onChange, context, error }} />;
}

interface MessagesProps extends Omit<MessagesTableProps, "value"> {
  id: string;
  messages: Fields[];
}

function Messages({ id, messages, onChange, context, error }: MessagesProps) {
  const { t } = useTranslation("forms");
  const row = (at: number) => t("llm.message", { number: at + 1 });
  const { box, order } = useRowOrder({
    count: messages.length,
    nameOf: row,
    onMove: (from, to) => onChange(moved(messages, from, to)),
  });
  return (
    <FieldFrame id={id} label={t("llm.messages")} error={error}>
      <div className={fieldClasses.pairs} role="group" aria-labelledby={`${id}-label`} ref={box}>
        {messages.map((message, at) => (
          <div
            className={own.message}
            key={at}
            role="group"
            aria-label={row(at)}
            {...order.row(at)}
          >
            {!context.isReadOnly && <RowHandle name={row(at)} {...order.handle(at)} />}
            <NativeSelect
              aria-label={t("llm.role", { number: at + 1 })}
              data={ROLES.map((role) => ({ value: role, label: t(`llm.roles.${key(role)}`) }))}
              value={text(message.role)}
              disabled={context.isReadOnly}
              onChange={(event) =>
                onChange(messages.with(at, { ...message, role: event.currentTarget.value }))
              }
            />
            <ActionIcon
              aria-label={t("llm.removeMessage", { number: at + 1 })}
              data-tip={t("llm.removeMessage", { number: at + 1 })}
              disabled={context.isReadOnly}
              onClick={() => onChange(messages.toSpliced(at, 1))}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
            <TemplateField
              isCell
              isLong
              label={row(at)}
              value={text(message.content)}
              onChange={(content) => onChange(messages.with(at, { ...message, content }))}
              place="text"
              context={context}
            />
          </div>
        ))}
        {!context.isReadOnly && (
          <div className={fieldClasses.foot}>
            <Button
              variant="subtle"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => onChange([...messages, { role: "user", content: "" }])}
            >
              {t("llm.addMessage")}
            </Button>
          </div>
        )}
      </div>
    </FieldFrame>
  );
}

function key(role: string) {
  return role as "system" | "developer" | "user" | "assistant";
}
