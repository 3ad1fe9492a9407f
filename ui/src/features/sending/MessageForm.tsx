/** A message to an endpoint of our own: what it says, whether it is signed, and what came of it. */
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { sendToEndpoint, type RequestSent, type RequestToSend } from "@/api";
import { ErrorPanel, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { badHeaderLine, type Message } from "./message";
import classes from "./Sending.module.css";
import { SentResult } from "./SentResult";

const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE", "HEAD"];

interface MessageFormProps {
  message: Message;
  onChange: (message: Message) => void;
  toBody: (message: Message) => RequestToSend;
  /** Above the fields: which endpoint, or what was left out. */
  above?: ReactNode;
  /** A body that cannot be edited, in words. */
  fixedBody?: string | undefined;
  onClose: () => void;
}

export function MessageForm(props: MessageFormProps) {
  const { message, onChange, toBody, above, fixedBody, onClose } = props;
  const { t } = useTranslation(["requests", "common"]);
  const [sent, setSent] = useState<RequestSent>();
  const change = (fields: Partial<Message>) => onChange({ ...message, ...fields });
  const badLine = badHeaderLine(message.headers);
  const action = useAction({
    run: () => sendToEndpoint(toBody(message)),
    stale: () => ["requests", "jobs", "status", "statistics"],
    onDone: setSent,
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (badLine === null) action.mutate();
  }

  return (
    <form className={forms.form} onSubmit={submit}>
      {above}
      <div className={classes.line}>
        <NativeSelect
          label={t("requests:send.method")}
          data={METHODS}
          value={message.method}
          onChange={(event) => change({ method: event.currentTarget.value })}
        />
        <TextInput
          className={classes.grows}
          label={t("requests:send.path")}
          classNames={{ input: "mono" }}
          value={message.path}
          onChange={(event) => change({ path: event.currentTarget.value })}
          spellCheck={false}
        />
      </div>
      <Textarea
        label={t("requests:send.headers")}
        description={t("requests:send.headersHint")}
        classNames={{ input: "mono" }}
        rows={5}
        value={message.headers}
        onChange={(event) => change({ headers: event.currentTarget.value })}
        error={badLine === null ? undefined : t("requests:send.badHeader", { line: badLine })}
        spellCheck={false}
      />
      {fixedBody ? (
        <p className="muted">{fixedBody}</p>
      ) : (
        <Textarea
          data-autofocus
          label={t("requests:send.body")}
          classNames={{ input: "mono" }}
          rows={10}
          value={message.body}
          onChange={(event) => change({ body: event.currentTarget.value })}
          spellCheck={false}
        />
      )}
      <Checkbox
        size="xs"
        label={t("requests:send.sign")}
        description={t("requests:send.signHint")}
        checked={message.sign}
        onChange={(event) => change({ sign: event.currentTarget.checked })}
      />
      {action.error && <ErrorPanel error={action.error} inline />}
      {sent && <SentResult sent={sent} />}
      <div className={`${forms.buttons} ${forms.bottom}`}>
        <Button onClick={onClose}>{t("common:action.close")}</Button>
        <Button
          type="submit"
          variant="filled"
          leftSection={<IconSend size={16} aria-hidden />}
          loading={action.isPending}
          disabled={badLine !== null}
        >
          {t(sent ? "requests:send.again" : "requests:send.submit")}
        </Button>
      </div>
    </form>
  );
}
