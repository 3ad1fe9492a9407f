/** A version of a flow as it was published: its drawing, its outline, and the settings of what is selected. */
import { lazy, Suspense, useMemo, useState } from "react";
import type { FlowDetail } from "@/api";
import { Loading } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";
import { graphOf, nodeOfPlace } from "./graph";
import { Inspector } from "./Inspector";
import { Outline } from "./Outline";
import { ProblemsBar } from "./ProblemsBar";

const FlowCanvas = lazy(() => import("./canvas/FlowCanvas"));

export function VersionView({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const graph = useMemo(() => graphOf(flow.document, flow.problems), [flow]);
  const [selected, select] = useState<readonly string[]>([]);
  const node = graph.nodes.find(({ id }) => id === selected.at(-1));
  const problemsOf = (id: string) =>
    flow.problems.filter(({ place }) => nodeOfPlace(graph, place) === id);
  return (
    <>
      <div className={classes.body}>
        <Outline graph={graph} selected={selected} onSelect={select} />
        <div className={classes.stage}>
          {graph.nodes.length === 0 ? (
            <p className="muted">{t("canvas.empty")}</p>
          ) : (
            <Suspense fallback={<Loading />}>
              <FlowCanvas graph={graph} selected={selected} onSelect={select} />
            </Suspense>
          )}
        </div>
        {node && (
          <Inspector
            key={node.id}
            flow={flow}
            node={node}
            problems={problemsOf(node.id)}
            onClose={() => select([])}
          />
        )}
      </div>
      <ProblemsBar
        problems={flow.problems}
        graph={graph}
        onGo={({ place }) => {
          const id = nodeOfPlace(graph, place);
          if (id !== undefined) select([id]);
        }}
      />
    </>
  );
}
