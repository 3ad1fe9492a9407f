/** The message of a test: a sample or the last stored request to begin with, and all of it can be changed. */
import { NativeSelect } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { getRequest, useRequests } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import { NEW_ID, PROVIDERS } from "@/features/endpoints/providers";
import { useTranslation } from "@/i18n";
import { messageOf, toSend, type Message } from "./message";
import { MessageForm } from "./MessageForm";
import { sampleFor, withNewId, type Target } from "./sample";
import classes from "./Sending.module.css";

/** What somebody wrote, to be kept when another endpoint is chosen. */
export type Typed = Pick<Message, "headers" | "body">;

interface TestEditorProps {
  title: string;
  target: Target;
  typed: Typed | undefined;
  /** Where another endpoint is chosen, if there is a choice. */
  choose: (typed: Typed | undefined) => ReactNode;
  onClose: () => void;
}

const LAST = "last";

export function TestEditor({ title, target, typed, choose, onClose }: TestEditorProps) {
  const { t } = useTranslation("ways");
  const [begun, setBegun] = useState(() => ({ ...sampleFor(target, target.provider), ...typed }));
  const [message, setMessage] = useState<Message>(begun);
  const [sample, setSample] = useState<string>(target.provider.name);
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
    setSample(next);
    setStored(undefined);
    const provider = PROVIDERS.find((each) => each.name === next);
    if (provider) begin({ ...sampleFor(target, provider), sign: message.sign });
    else if (last) load.mutate(last.id);
  }

  function toBody(edited: Message) {
    if (!stored) return toSend(withNewId(edited, crypto.randomUUID()));
    const { requestId, body } = stored;
    return toSend(edited, { requestId, keepsBody: edited.body === body });
  }

  const wasTyped = message.headers !== begun.headers || message.body !== begun.body;
  return (
    <Dialog title={title} onClose={onClose} width={820} unsaved={message !== begun}>
      <MessageForm
        message={message}
        onChange={setMessage}
        onSent={() => setBegun(message)}
        toBody={toBody}
        submit={t("send.submit")}
        headersHint={stored ? t("send.maskedHint") : t("send.newIdHint", { word: NEW_ID })}
        onClose={onClose}
        above={
          <>
            <p className="muted">{t("send.text")}</p>
            <div className={classes.choices}>
              {choose(wasTyped ? { headers: message.headers, body: message.body } : typed)}
              <NativeSelect
                label={t("send.sample")}
                value={sample}
                onChange={({ currentTarget }) => choice(currentTarget.value)}
                data={[
                  ...PROVIDERS.filter(({ name }) => name !== "none").map(({ name, title }) => ({
                    value: name,
                    label: title ?? t("send.plain"),
                  })),
                  { value: LAST, label: t("send.last"), disabled: last === undefined },
                ]}
              />
            </div>
            {load.error && <ErrorPanel error={load.error} inline />}
          </>
        }
      />
    </Dialog>
  );
}
