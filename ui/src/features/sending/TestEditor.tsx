/** The message of a test: a sample or the last stored request to begin with, and all of it can be changed. */
import { NativeSelect } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { getRequest, useRequests } from "@/api";
import { ErrorPanel, notify, useAction } from "@/design";
import { NEW_ID, PROVIDERS } from "@/features/endpoints/providers";
import { setSample, useSample } from "@/features/flows/try/samples";
import { useTranslation } from "@/i18n";
import { keptOf, messageOfKept } from "./kept";
import { messageOf, toSend, type Message } from "./message";
import { MessageForm } from "./MessageForm";
import { sampleFor, withNewId, type Target } from "./sample";
import classes from "./Sending.module.css";

/** What somebody wrote, to be kept when another endpoint is chosen. */
export type Typed = Pick<Message, "headers" | "body">;

interface TestEditorProps {
  target: Target;
  typed: Typed | undefined;
  /** With the message that is kept as the flow's test, if there is one. */
  beginsKept: boolean;
  /** Where another endpoint is chosen, if there is a choice. */
  choose: (typed: Typed | undefined) => ReactNode;
  onUnsaved: (isUnsaved: boolean) => void;
  onClose: () => void;
}

const LAST = "last";
const KEPT = "kept";

export function TestEditor(props: TestEditorProps) {
  const { target, typed, beginsKept, choose, onUnsaved, onClose } = props;
  const { t } = useTranslation("ways");
  const known = useSample(target.flow);
  const kept = known?.endpoint === target.endpoint ? known : undefined;
  const [begun, setBegun] = useState<Message>(() =>
    beginsKept && kept
      ? messageOfKept(kept, target)
      : { ...sampleFor(target, target.provider), ...typed },
  );
  const [message, setMessage] = useState<Message>(begun);
  const [chosen, setChosen] = useState<string>(beginsKept && kept ? KEPT : target.provider.name);
  const [stored, setStored] = useState<{ requestId: string; body: string }>();
  const last = useRequests({ flow: target.flow, endpoint: target.endpoint }).rows[0];
  const begin = (next: Message) => {
    setBegun(next);
    setMessage(next);
  };
  const load = useAction({
    run: getRequest,
    quiet: true,
    onDone: (request) => {
      const body = request.body.text ?? "";
      setStored({ requestId: request.id, body });
      begin({ ...messageOf(request, body), sign: message.sign });
    },
  });

  function choice(next: string) {
    setChosen(next);
    setStored(undefined);
    const provider = PROVIDERS.find((each) => each.name === next);
    if (provider) begin({ ...sampleFor(target, provider), sign: message.sign });
    else if (next === KEPT && kept) begin({ ...messageOfKept(kept, target), sign: message.sign });
    else if (next === LAST && last) load.mutate(last.id);
  }

  function toBody(edited: Message) {
    if (!stored) return toSend(withNewId(edited, crypto.randomUUID()));
    const { requestId, body } = stored;
    return toSend(edited, { requestId, keepsBody: edited.body === body });
  }

  const keep = useAction({
    run: () => setSample(target.flow, keptOf(message, target, stored?.requestId ?? null)),
    onDone: (isKept) => {
      if (isKept) setBegun(message);
      notify(
        isKept
          ? { message: t("send.isKept", { flow: target.flow }), tone: "good" }
          : { message: t("send.tooLarge"), tone: "bad" },
      );
    },
    quiet: true,
  });

  const isUnsaved = message !== begun;
  useEffect(() => {
    onUnsaved(isUnsaved);
    return () => onUnsaved(false);
  }, [isUnsaved, onUnsaved]);

  const wasTyped = message.headers !== begun.headers || message.body !== begun.body;
  return (
    <MessageForm
      message={message}
      onChange={setMessage}
      onSent={() => setBegun(message)}
      toBody={toBody}
      submit={t("send.submit")}
      extra={{ label: t("send.keep"), run: () => keep.mutate() }}
      headersHint={stored ? t("send.maskedHint") : t("send.newIdHint", { word: NEW_ID })}
      onClose={onClose}
      above={
        <>
          <p className="muted">{t("send.text")}</p>
          <div className={classes.choices}>
            {choose(wasTyped ? { headers: message.headers, body: message.body } : typed)}
            <NativeSelect
              label={t("send.sample")}
              value={chosen}
              onChange={({ currentTarget }) => choice(currentTarget.value)}
              data={[
                ...PROVIDERS.filter(({ name }) => name !== "none").map(({ name, title }) => ({
                  value: name,
                  label: title ?? t("send.plain"),
                })),
                { value: KEPT, label: t("send.kept"), disabled: kept === undefined },
                { value: LAST, label: t("send.last"), disabled: last === undefined },
              ]}
            />
          </div>
          {load.error && <ErrorPanel error={load.error} inline />}
        </>
      }
    />
  );
}
