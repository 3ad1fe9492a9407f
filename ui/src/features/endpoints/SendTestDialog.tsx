/** Sends a message to an endpoint as its sender would: signed by the server, which knows the secrets. */
import { Button, NativeSelect, Switch, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { getRequest, sendToEndpoint, useRequests } from "@/api";
import { Dialog, ErrorPanel, notify, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { isFields, text, texts, type Fields } from "@/features/flows/document";
import { setSample, useSample, type Sample } from "@/features/flows/try/samples";
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
  /** With the message that is kept as the flow's test. */
  beginsKept?: boolean;
  onClose: () => void;
}

const LAST = "last";
const KEPT = "kept";

export function SendTestDialog(props: SendTestDialogProps) {
  const { flow, fields, url, beginsKept = false, onClose } = props;
  const { t } = useTranslation(["ways", "common"]);
  const name = text(fields.name);
  const start = providerOf(isFields(fields.auth) ? fields.auth : {});
  const last = useRequests({ flow, endpoint: name }).rows[0];
  const known = useSample(flow);
  const kept = known?.endpoint === name ? known : undefined;
  const [begun] = useState(beginsKept ? kept : undefined);
  const [message, setMessage] = useState<string>(begun ? KEPT : start.name);
  const [method, setMethod] = useState(begun?.method ?? methodOf(fields.methods));
  const [headers, setHeaders] = useState(headerLines(begun?.headers ?? start.sample.headers));
  const [body, setBody] = useState(begun?.body ?? prettyBody(start.sample.body));
  const [sign, setSign] = useState(true);
  const [stored, setStored] = useState<string>();
  const load = useAction({ run: getRequest, quiet: true });
  const send = useAction({
    run: () => {
      const id = crypto.randomUUID();
      return sendToEndpoint({
        flow,
        endpoint: name,
        ...(message === LAST && last ? { request_id: last.id } : {}),
        ...(message === KEPT && kept?.path ? { path: kept.path } : {}),
        ...(message === KEPT && kept && kept.query.length > 0 ? { query: kept.query } : {}),
        method,
        headers: headersIn(withId(headers, id)),
        // The stored bytes as they are, unless somebody changed what is shown of them.
        ...(takesBody(method) && !(message === LAST && body === stored)
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

  function fillKept(sample: Sample) {
    setMethod(sample.method);
    setHeaders(headerLines(sample.headers));
    setBody(sample.body);
  }

  const keep = useAction({
    run: () =>
      setSample(flow, {
        ...(message === KEPT && kept ? kept : { query: [], request_id: null }),
        endpoint: name,
        method,
        headers: headersIn(headers),
        body,
      }),
    onDone: (isKept) => {
      if (isKept) setMessage(KEPT);
      notify(
        isKept
          ? { message: t("ways:send.isKept", { flow }), tone: "good" }
          : { message: t("ways:send.tooLarge"), tone: "bad" },
      );
    },
    quiet: true,
  });

  function choose(next: string) {
    setMessage(next);
    if (next === KEPT && kept) fillKept(kept);
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
            value={message}
            onChange={({ currentTarget }) => choose(currentTarget.value)}
            data={[
              ...PROVIDERS.filter((each) => each.name !== "none").map((each) => ({
                value: each.name,
                label: each.title ?? t("ways:send.plain"),
              })),
              { value: KEPT, label: t("ways:send.kept"), disabled: kept === undefined },
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
          <Button disabled={!isSound} onClick={() => keep.mutate()}>
            {t("ways:send.keep")}
          </Button>
          <Button type="submit" variant="filled" loading={send.isPending} disabled={!isSound}>
            {t(send.data ? "ways:send.again" : "ways:send.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export default SendTestDialog;
