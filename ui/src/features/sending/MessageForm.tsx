/** A message to an endpoint of our own: what it says, whether it is signed, and what came of it. */
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { sendToEndpoint, type RequestSent, type RequestToSend } from "@/api";
import { ErrorPanel, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { badHeaderLine } from "./headerLines";
import type { Message } from "./message";
import classes from "./Sending.module.css";
import { SentResult } from "./SentResult";

/** Of the dialogs that it stands in: with what came of the message below it. */
export const SIZE_PX = { width: 820, height: 780 };

const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE", "HEAD"];

interface MessageFormProps {
  message: Message;
  onChange: (message: Message) => void;
  toBody: (message: Message) => RequestToSend;
  /** Above the fields: which endpoint, or what was left out. */
  above?: ReactNode;
  /** A body that cannot be edited, in words. */
  fixedBody?: string | undefined;
  /** What else can stand in a header's value. */
  headersHint: string;
  submit: string;
  /** What else can be done with the message. */
  extra?: { label: string; run: () => void };
  onSent?: () => void;
  onClose: () => void;
}

export function MessageForm(props: MessageFormProps) {
  const { message, onChange, toBody, above, fixedBody, headersHint, submit, onClose } = props;
  const { t } = useTranslation(["ways", "common"]);
  const [sent, setSent] = useState<RequestSent>();
  const form = useRef<HTMLFormElement>(null);
  // It may come some time after the dialog that it is in.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus({ preventScroll: true });
  }, []);
  const change = (fields: Partial<Message>) => onChange({ ...message, ...fields });
  const badLine = badHeaderLine(message.headers);
  const action = useAction({
    run: () => sendToEndpoint(toBody(message)),
    stale: () => ["requests", "jobs", "status", "statistics"],
    onDone: (result) => {
      setSent(result);
      props.onSent?.();
    },
    quiet: true,
  });

  function send(event: FormEvent) {
    event.preventDefault();
    if (badLine === null) action.mutate();
  }

  return (
    <form ref={form} className={forms.form} onSubmit={send}>
      {above}
      <div className={classes.line}>
        <NativeSelect
          label={t("ways:send.method")}
          data={METHODS}
          value={message.method}
          onChange={(event) => change({ method: event.currentTarget.value })}
        />
        <TextInput
          className={classes.grows}
          label={t("ways:send.path")}
          classNames={{ input: "mono" }}
          value={message.path}
          onChange={(event) => change({ path: event.currentTarget.value })}
          spellCheck={false}
        />
      </div>
      <Textarea
        label={t("ways:send.headers")}
        description={`${t("ways:send.headersHint")} ${headersHint}`}
        classNames={{ input: "mono" }}
        autosize
        minRows={2}
        maxRows={8}
        value={message.headers}
        onChange={(event) => change({ headers: event.currentTarget.value })}
        error={badLine === null ? undefined : t("ways:send.badHeader", { line: badLine })}
        spellCheck={false}
      />
      {fixedBody ? (
        <p className="muted">{fixedBody}</p>
      ) : (
        <Textarea
          data-autofocus
          label={t("ways:send.body")}
          classNames={{ input: "mono" }}
          autosize
          minRows={4}
          maxRows={14}
          value={message.body}
          onChange={(event) => change({ body: event.currentTarget.value })}
          spellCheck={false}
        />
      )}
      <Checkbox
        size="xs"
        label={t("ways:send.sign")}
        description={t("ways:send.signHint")}
        checked={message.sign}
        onChange={(event) => change({ sign: event.currentTarget.checked })}
      />
      {action.error && <ErrorPanel error={action.error} inline />}
      {sent && <SentResult sent={sent} />}
      <div className={`${forms.buttons} ${forms.bottom}`}>
        <Button onClick={onClose}>{t("common:action.close")}</Button>
        {props.extra && (
          <Button disabled={badLine !== null} onClick={props.extra.run}>
            {props.extra.label}
          </Button>
        )}
        <Button
          type="submit"
          variant="filled"
          leftSection={<IconSend size={16} aria-hidden />}
          loading={action.isPending}
          disabled={badLine !== null}
        >
          {sent ? t("ways:send.again") : submit}
        </Button>
      </div>
    </form>
  );
}
