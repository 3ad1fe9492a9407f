/** The settings of the selected node of a published version, to read, and what can be done with it beside its document. */
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Suspense } from "react";
import type { FlowDetail, Problem } from "@/api";
import { Loading } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";
import type { GraphNode } from "./graph";
import { PartPanel } from "./panels/PartPanel";
import { PartFields } from "./PartFields";
import { ProblemRow } from "./ProblemRow";
import { NodeIcon } from "./NodeIcon";
import { useNodeWords } from "./nodeLook";
import { SidePane } from "./SidePane";

interface InspectorProps {
  flow: FlowDetail;
  node: GraphNode;
  problems: Problem[];
  onClose: () => void;
}

export function Inspector({ flow, node, problems, onClose }: InspectorProps) {
  const { t } = useTranslation("flows");
  const words = useNodeWords();
  return (
    <SidePane name="inspector">
      <aside className={classes.inspector} aria-label={words.name(node)}>
        <div className={classes.inspectorHead}>
          <NodeIcon node={node} />
          <h2 className="truncate">{words.name(node)}</h2>
          <span className="muted truncate">{words.kind(node)}</span>
          <ActionIcon aria-label={t("inspector.close")} onClick={onClose}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
        <div
          className={classes.inspectorBody}
          tabIndex={0}
          role="group"
          aria-label={words.kind(node)}
        >
          {problems.map((problem) => (
            <ProblemRow key={problem.place + problem.code} problem={problem} />
          ))}
          <Suspense fallback={<Loading />}>
            {node.part ? (
              <>
                <PartPanel flow={flow} node={node} />
                <PartFields kind={node.kind} fields={node.part.fields} />
              </>
            ) : (
              <p className="muted">{t("inspector.endText")}</p>
            )}
          </Suspense>
        </div>
      </aside>
    </SidePane>
  );
}
