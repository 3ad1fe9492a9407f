/** A message to an endpoint of our own, as its sender would send it: one given endpoint, or one that is chosen here. */
import { Select } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useState } from "react";
import { useFlows, useFlowVersion, type EndpointSummary, type FlowSummary } from "@/api";
import { Dialog, EmptyState, ErrorPanel, Loading } from "@/design";
import { providerOf } from "@/features/endpoints/providers";
import { isFields, partsOf } from "@/features/flows/document";
import { useSample } from "@/features/flows/try/samples";
import { useTranslation } from "@/i18n";
import { SIZE_PX } from "./MessageForm";
import type { Target } from "./sample";
import { TestEditor, type Typed } from "./TestEditor";

interface SendTestDialogProps {
  /** The flow of the endpoint that is chosen at first. */
  flow?: string | undefined;
  /** Nothing is chosen: the test is for this one. */
  endpoint?: string | undefined;
  /** With the message that is kept as the flow's test. */
  beginsKept?: boolean;
  onClose: () => void;
}

export default function SendTestDialog(props: SendTestDialogProps) {
  const { flow, endpoint, beginsKept = false, onClose } = props;
  const { t } = useTranslation("ways");
  const { data, error, isFetching, refetch } = useFlows();
  const [isUnsaved, setUnsaved] = useState(false);
  const [chosen, setChosen] = useState<{ id: string; typed: Typed | undefined }>();
  const all = choicesOf(data?.items ?? []);
  const asked = all.find((each) => each.flow.name === flow && each.one.name === endpoint);
  const inFlow = all.find((each) => each.flow.name === flow) ?? all[0];
  const choice =
    endpoint === undefined ? (all.find((each) => idOf(each) === chosen?.id) ?? inFlow) : asked;
  const title = endpoint === undefined ? t("send.any") : t("send.title", { name: endpoint });
  const isNone = data !== undefined && choice === undefined && !isFetching;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      unsaved={isUnsaved}
      {...(isNone ? {} : { width: SIZE_PX.width, height: SIZE_PX.height })}
    >
      {choice ? (
        <OfChoice
          key={idOf(choice)}
          choice={choice}
          choices={endpoint === undefined ? all : []}
          typed={chosen?.typed}
          beginsKept={beginsKept}
          onChoose={(id, typed) => setChosen({ id, typed })}
          onUnsaved={setUnsaved}
          onClose={onClose}
        />
      ) : error && !data ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} inline />
      ) : isNone ? (
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

const idOf = ({ flow, one }: Choice) => `${flow.name}/${one.name}`;

/** Only what was published takes requests. */
function choicesOf(flows: FlowSummary[]): Choice[] {
  return flows
    .filter(({ version }) => version !== null)
    .flatMap((flow) => flow.endpoints.map((one) => ({ flow, one })));
}

interface OfChoiceProps {
  choice: Choice;
  choices: Choice[];
  typed: Typed | undefined;
  beginsKept: boolean;
  onChoose: (id: string, typed: Typed | undefined) => void;
  onUnsaved: (isUnsaved: boolean) => void;
  onClose: () => void;
}

function OfChoice(props: OfChoiceProps) {
  const { choice, choices, typed, beginsKept, onChoose, onUnsaved, onClose } = props;
  const { t } = useTranslation("ways");
  const { flow, one } = choice;
  const { data, error, refetch } = useFlowVersion(flow.name, flow.version ?? undefined);
  // It is kept for this installation, whose id may still be on its way.
  const isHere = useSample(flow.name) !== undefined || !beginsKept;
  if (!data || !isHere) {
    return error ? <ErrorPanel error={error} onRetry={() => void refetch()} inline /> : <Loading />;
  }
  const auth = partsOf(data.document).endpoints.find(({ name }) => name === one.name)?.fields.auth;
  const target: Target = {
    flow: flow.name,
    endpoint: one.name,
    methods: one.methods,
    path: decodeURI(new URL(one.url).pathname),
    provider: providerOf(isFields(auth) ? auth : {}),
  };
  return (
    <TestEditor
      target={target}
      typed={typed}
      beginsKept={beginsKept}
      onUnsaved={onUnsaved}
      onClose={onClose}
      choose={(current) =>
        choices.length > 0 && (
          <Select
            label={t("send.endpoint")}
            data={choices.map((each) => ({
              value: idOf(each),
              label: `${each.one.name} · ${each.flow.title || each.flow.name}`,
            }))}
            value={idOf(choice)}
            onChange={(id) => id && onChoose(id, current)}
            allowDeselect={false}
            searchable
          />
        )
      }
    />
  );
}
