/** A first message to an endpoint, signed as its sender would sign it. */
import { Select } from "@mantine/core";
import { useState } from "react";
import { useFlows, type EndpointSummary, type FlowSummary } from "@/api";
import { Dialog, EmptyState, Loading } from "@/design";
import { IconInbox } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import { toSend, type Message } from "./message";
import { MessageForm } from "./MessageForm";

interface SendTestModalProps {
  /** The endpoint that is chosen at first. */
  flow?: string | undefined;
  endpoint?: string | undefined;
  body?: string | undefined;
  onClose: () => void;
}

const SAMPLE = '{\n  "hello": "world"\n}';

export default function SendTestModal({ flow, endpoint, body, onClose }: SendTestModalProps) {
  const { t } = useTranslation("requests");
  const { data } = useFlows();
  const all = (data?.items ?? []).flatMap((each) =>
    each.endpoints.map((one) => ({ flow: each, one })),
  );
  const first =
    all.find(({ flow: { name }, one }) => name === flow && (!endpoint || one.name === endpoint)) ??
    all[0];
  if (first) return <Editor choices={all} first={first} body={body ?? SAMPLE} onClose={onClose} />;
  return (
    <Dialog title={t("send.title")} onClose={onClose}>
      {data ? (
        <EmptyState Icon={IconInbox} title={t("send.none")} text={t("send.noneText")} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

interface Choice {
  flow: FlowSummary;
  one: EndpointSummary;
}

interface EditorProps {
  choices: Choice[];
  first: Choice;
  body: string;
  onClose: () => void;
}

const idOf = ({ flow, one }: Choice) => `${flow.name}/${one.name}`;

function Editor({ choices, first, body, onClose }: EditorProps) {
  const { t } = useTranslation("requests");
  const [begun] = useState(() => startOf(first, body));
  const [message, setMessage] = useState(begun);
  const choose = (id: string | null) => {
    const choice = choices.find((each) => idOf(each) === id);
    if (choice) setMessage({ ...startOf(choice, message.body), headers: message.headers });
  };
  return (
    <Dialog title={t("send.title")} onClose={onClose} width={820}>
      <MessageForm
        message={message}
        onChange={setMessage}
        toBody={(edited) => toSend(edited)}
        above={
          <Select
            label={t("send.endpoint")}
            data={choices.map((each) => ({
              value: idOf(each),
              label: `${each.one.name} · ${each.flow.title || each.flow.name}`,
            }))}
            value={`${message.flow}/${message.endpoint}`}
            onChange={choose}
            allowDeselect={false}
            searchable
          />
        }
        onClose={onClose}
      />
    </Dialog>
  );
}

function startOf({ flow, one }: Choice, body: string): Message {
  const method = one.methods.includes("POST") ? "POST" : (one.methods[0] ?? "POST");
  const hasBody = !["GET", "DELETE", "HEAD"].includes(method);
  return {
    flow: flow.name,
    endpoint: one.name,
    method,
    // The key that the URL speaks of is put in by the one who sends.
    path: new URL(one.url).pathname,
    headers: hasBody ? "Content-Type: application/json" : "",
    body: hasBody ? body : "",
    sign: true,
  };
}
