/** The settings of what is selected, to change; what can be done beside its document; and its data in a job. */
import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconRoute, IconX } from "@tabler/icons-react";
import { Suspense, useDeferredValue, useEffect, useRef, useState, type ReactNode } from "react";
import type { FlowDetail, JobDetail, Problem } from "@/api";
import { Loading } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../../FlowPage.module.css";
import { nodeOfPlace, type Graph, type GraphNode } from "../../graph";
import { NodeIcon } from "../../NodeIcon";
import { useNodeWords } from "../../nodeLook";
import { SidePane } from "../../SidePane";
import { useEditor, useEditorState } from "../draft/useSession";
import { FLOW_ID } from "./actions";
import { useRoomState } from "./ask";
import { ActionItems, INSPECTOR_GROUPS } from "./ContextMenu";
import { PartTabs, SettingsPanel } from "./PartTabs";
import own from "./Room.module.css";
import type { Actions } from "./useActions";

interface EditInspectorProps {
  flow: FlowDetail;
  graph: Graph;
  actions: Actions;
  job: JobDetail | undefined;
}

export function EditInspector({ flow, graph, actions, job }: EditInspectorProps) {
  const { t } = useTranslation("editor");
  const words = useNodeWords();
  const selected = useEditorState((state) => state.selected);
  const problems = useEditorState((state) => state.problems);
  const [tab, setTab] = useState("settings");
  const nodes = graph.nodes.filter(({ id }) => selected.includes(id));
  const node = nodes[0];
  // With the page, the drawing comes first: a form takes as long as a hundred cards.
  const isDrawn = useDeferredValue(true, false);
  if (selected.includes(FLOW_ID)) {
    return (
      <Aside label={t("inspector.flow")} kind="" actions={actions} icon={<IconRoute size={16} />}>
        <div className={own.panel}>
          <SettingsPanel flow={flow} problems={problems.filter((each) => isOfFlow(each, graph))} />
        </div>
      </Aside>
    );
  }
  if (!node) return null;
  if (nodes.length > 1) {
    const label = t("inspector.many", { count: nodes.length });
    return (
      <Aside label={label} kind="" actions={actions}>
        <div className={own.panel}>
          <p className="muted">{t("inspector.manyText")}</p>
          <ul>
            {nodes.map((each) => (
              <li key={each.id}>{words.name(each)}</li>
            ))}
          </ul>
        </div>
      </Aside>
    );
  }
  return (
    <Aside
      // Not by its name, which is changed here.
      key={`${node.kind} ${node.part?.place}`}
      label={words.name(node)}
      kind={words.kind(node)}
      actions={actions}
      icon={<NodeIcon node={node} />}
    >
      {!isDrawn ? null : node.part ? (
        <PartTabs
          flow={flow}
          node={node as GraphNode & { part: NonNullable<GraphNode["part"]> }}
          problems={problems.filter(({ place }) => nodeOfPlace(graph, place) === node.id)}
          job={job}
          tab={tab}
          onTab={setTab}
        />
      ) : (
        <EndWords />
      )}
    </Aside>
  );
}

const isOfFlow = ({ place }: Problem, graph: Graph) => nodeOfPlace(graph, place) === undefined;

function EndWords() {
  const { t } = useTranslation("flows");
  return (
    <div className={own.panel}>
      <p className="muted">{t("inspector.endText")}</p>
    </div>
  );
}

interface AsideProps {
  label: string;
  kind: string;
  icon?: ReactNode;
  actions: Actions;
  children: ReactNode;
}

function Aside({ label, kind, icon, actions, children }: AsideProps) {
  const { t } = useTranslation(["editor", "flows"]);
  const session = useEditor();
  const aside = useRef<HTMLElement>(null);
  const wish = useRoomState((state) => state.focusInspector);
  const known = useRef(wish);
  useEffect(() => {
    if (wish === known.current) return;
    known.current = wish;
    aside.current
      ?.querySelector<HTMLElement>("input, textarea, select, [contenteditable=true], [role=tab]")
      ?.focus();
  }, [wish]);
  return (
    <SidePane name="inspector">
      <aside ref={aside} className={classes.inspector} aria-label={label}>
        <div className={classes.inspectorHead}>
          {icon}
          <h2 className="truncate">{label}</h2>
          <span className="muted truncate">{kind}</span>
          <span className={own.headEnd}>
            <Menu>
              <Menu.Target>
                <ActionIcon aria-label={t("editor:inspector.more", { name: label })}>
                  <IconDots size={16} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown mah="60vh" style={{ overflow: "auto" }}>
                <ActionItems groups={INSPECTOR_GROUPS} actions={actions} />
              </Menu.Dropdown>
            </Menu>
            <ActionIcon aria-label={t("flows:inspector.close")} onClick={() => session.select([])}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </span>
        </div>
        <Suspense fallback={<Loading />}>{children}</Suspense>
      </aside>
    </SidePane>
  );
}
