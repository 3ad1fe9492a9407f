/** Sends a message to an endpoint as its sender would: signed by the server, which knows the secrets. */
import { Button, NativeSelect, Switch, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { getRequest, sendToEndpoint, useRequests } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { isFields, text, texts, type Fields } from "@/features/flows/document";
import { SentResult } from "@/features/sending/SentResult";
import { useTranslation } from "@/i18n";
import { methodOf, takesBody } from "./credentials";
import own from "./Endpoints.module.css";
import { headerLines, headersIn, isHeaderLines, linesAgain, prettyBody, withId } from "./messages";
import { NEW_ID, PROVIDERS, providerOf, type Provider } from "./providers";

export interface SendTestDialogProps {
  flow: string;
  /** The endpoint as it was published. */
  fields: Fields;
  /** What stands at the head, to recognise it. */
  url: string;
  onClose: () => void;
}

const LAST = "last";

export function SendTestDialog({ flow, fields, url, onClose }: SendTestDialogProps) {
  const { t } = useTranslation(["ways", "common"]);
  const name = text(fields.name);
  const start = providerOf(isFields(fields.auth) ? fields.auth : {});
  const last = useRequests({ flow, endpoint: name }).rows[0];
  const [sample, setSample] = useState<string>(start.name);
  const [method, setMethod] = useState(methodOf(fields.methods));
  const [headers, setHeaders] = useState(headerLines(start.sample.headers));
  const [body, setBody] = useState(prettyBody(start.sample.body));
  const [sign, setSign] = useState(true);
  const [stored, setStored] = useState<string>();
  const load = useAction({ run: getRequest, quiet: true });
  const send = useAction({
    run: () => {
      const id = crypto.randomUUID();
      return sendToEndpoint({
        flow,
        endpoint: name,
        ...(sample === LAST && last ? { request_id: last.id } : {}),
        method,
        headers: headersIn(withId(headers, id)),
        // The stored bytes as they are, unless somebody changed what is shown of them.
        ...(takesBody(method) && !(sample === LAST && body === stored)
          ? { body: withId(body, id) }
          : {}),
        sign,
      });
    },
    stale: () => ["requests", "jobs"],
    quiet: true,
  });
  const methods = texts(fields.methods).length > 0 ? texts(fields.methods) : ["POST"];
  const isSound = isHeaderLines(headers);

  function fillIn(provider: Provider) {
    setHeaders(headerLines(provider.sample.headers));
    setBody(prettyBody(provider.sample.body));
  }

  function choose(next: string) {
    setSample(next);
    const provider = PROVIDERS.find((each) => each.name === next);
    if (provider) fillIn(provider);
    if (next !== LAST || !last) return;
    load.mutate(last.id, {
      onSuccess: (request) => {
        setMethod(request.method);
        setHeaders(linesAgain(request.headers));
        setBody(request.body.text ?? "");
        setStored(request.body.text ?? "");
      },
    });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isSound) send.mutate();
  }

  return (
    <Dialog title={t("ways:send.title", { name })} onClose={onClose} width={860}>
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">
          {t("ways:send.text")} <span className="mono">{url}</span>
        </p>
        <div className={own.result}>
          <NativeSelect
            label={t("ways:send.sample")}
            value={sample}
            onChange={({ currentTarget }) => choose(currentTarget.value)}
            data={[
              ...PROVIDERS.filter((each) => each.name !== "none").map((each) => ({
                value: each.name,
                label: each.title ?? t("ways:send.plain"),
              })),
              { value: LAST, label: t("ways:send.last"), disabled: last === undefined },
            ]}
          />
          <NativeSelect
            label={t("ways:send.method")}
            data={methods}
            value={method}
            onChange={({ currentTarget }) => setMethod(currentTarget.value)}
          />
        </div>
        {load.error && <ErrorPanel error={load.error} inline />}
        <Textarea
          className={own.mono}
          label={t("ways:send.headers")}
          description={t("ways:send.headersHint", { word: NEW_ID })}
          value={headers}
          onChange={({ currentTarget }) => setHeaders(currentTarget.value)}
          error={isSound ? undefined : t("ways:send.headersBad")}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
        />
        {takesBody(method) && (
          <Textarea
            className={own.mono}
            label={t("ways:send.body")}
            value={body}
            onChange={({ currentTarget }) => setBody(currentTarget.value)}
            autosize
            minRows={4}
            maxRows={14}
            spellCheck={false}
          />
        )}
        <Switch
          size="sm"
          label={t("ways:send.sign")}
          description={t("ways:send.signHint")}
          checked={sign}
          onChange={({ currentTarget }) => setSign(currentTarget.checked)}
        />
        {send.error && <ErrorPanel error={send.error} inline />}
        {send.data && <SentResult sent={send.data} />}
        <div className={`${classes.buttons} ${classes.bottom}`}>
          <Button onClick={onClose}>{t("common:action.close")}</Button>
          <Button type="submit" variant="filled" loading={send.isPending} disabled={!isSound}>
            {t(send.data ? "ways:send.again" : "ways:send.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export default SendTestDialog;
