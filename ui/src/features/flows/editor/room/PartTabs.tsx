/** A part in its tabs: its settings, for a step when it runs, its data in the job that is looked at, and its JSON. */
import { Button, Tabs } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { FlowDetail, JobDetail, Problem } from "@/api";
import { Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { NameField } from "../../forms/part/NameField";
import { PartForm } from "../../forms/PartForm";
import type { FieldsChange, FormContext } from "../../forms/types";
import type { GraphNode } from "../../graph";
import { PartPanel } from "../../panels/PartPanel";
import { ProblemRow } from "../../ProblemRow";
import { openTry } from "../../try/store";
import { rename, setFields, setSettings, settingsOf } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";
import own from "./Room.module.css";

const JsonForm = lazy(() => import("../../forms/part/JsonForm"));
const OrderForm = lazy(() => import("../../forms/part/OrderForm"));
const SettingsForm = lazy(() => import("../../forms/part/SettingsForm"));
const JobData = lazy(() => import("../job/JobData"));

type PartNode = GraphNode & { part: NonNullable<GraphNode["part"]> };

interface PartTabsProps {
  flow: FlowDetail;
  node: PartNode;
  problems: Problem[];
  job: JobDetail | undefined;
  tab: string;
  onTab: (tab: string) => void;
}

export function PartTabs({ flow, node, problems, job, tab, onTab }: PartTabsProps) {
  const { t } = useTranslation("editor");
  const names = (["settings", "order", "data", "json"] as const).filter(
    (each) => (each !== "order" || node.kind === "step") && (each !== "data" || job !== undefined),
  );
  const shown = names.find((each) => each === tab) ?? "settings";
  return (
    <>
      <Tabs
        className={own.tabs}
        value={shown}
        onChange={(next) => next !== null && onTab(next)}
        keepMounted={false}
      >
        <Tabs.List aria-label={t("inspector.tabs", { name: node.part.name })}>
          {names.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`inspector.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown} className={own.panel} tabIndex={0}>
          <Suspense fallback={<Loading />}>
            {shown === "data" && job ? (
              <JobData job={job} node={node} />
            ) : (
              <Forms tab={shown} flow={flow} node={node} problems={problems} />
            )}
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      {node.kind === "step" && (
        <div className={own.foot}>
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => openTry({ flow: flow.name, step: node.part.name })}
          >
            {t("inspector.try")}
          </Button>
        </div>
      )}
    </>
  );
}

interface FormsProps {
  tab: string;
  flow: FlowDetail;
  node: PartNode;
  problems: Problem[];
}

function Forms({ tab, flow, node, problems }: FormsProps) {
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const { part, id, kind } = node;
  if (kind === "end") return null;
  const context: FormContext = {
    flow: flow.name,
    document,
    place: part.place,
    isReadOnly: false,
  };
  const onChange = ({ fields, merge }: FieldsChange) =>
    session.run(
      {
        label: "fields",
        names: { names: part.name },
        merge: merge === undefined ? undefined : `${id} ${merge}`,
      },
      (before) => setFields(before, { id, fields }),
    );
  const onRename = (name: string) =>
    session.run({ label: "rename", names: { names: part.name } }, (before) =>
      rename(before, { id, name }),
    );
  const props = { fields: part.fields, onChange, problems, context };
  if (tab === "order") return <OrderForm {...props} />;
  if (tab === "json") return <JsonForm {...props} />;
  return (
    <>
      {problems.map((problem) => (
        <ProblemRow key={problem.place + problem.code} problem={problem} />
      ))}
      <NameField
        key={part.name}
        document={document}
        kind={kind}
        name={part.name}
        isReadOnly={false}
        onRename={onRename}
      />
      <PartPanel flow={flow} node={node} />
      <PartForm kind={kind} {...props} />
    </>
  );
}

export function SettingsPanel({ flow, problems }: { flow: FlowDetail; problems: Problem[] }) {
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const onChange = ({ fields, merge }: FieldsChange) =>
    session.run(
      { label: "settings", merge: merge === undefined ? undefined : `flow ${merge}` },
      (before) => setSettings(before, { fields }),
    );
  return (
    <>
      {problems.map((problem) => (
        <ProblemRow key={problem.place + problem.code} problem={problem} />
      ))}
      <SettingsForm
        fields={settingsOf(document)}
        onChange={onChange}
        problems={problems}
        context={{ flow: flow.name, document, place: "", isReadOnly: false }}
      />
    </>
  );
}
