/** One flow: its drawing, its outline, and the settings of what is selected. */
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconRoute } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useFlow, useFlowVersion, type FlowDetail } from "@/api";
import { ErrorPanel, Loading, PageHeader } from "@/design";
import { loadTexts, useTranslation } from "@/i18n";
import { FlowActions } from "./FlowActions";
import { FlowMeta } from "./FlowMeta";
import classes from "./FlowPage.module.css";
import { graphOf, nodeOfPlace, type Graph } from "./graph";
import { Inspector } from "./Inspector";
import { Outline } from "./Outline";
import { ProblemsBar } from "./ProblemsBar";

// Asked for as soon as this page is, not only when its data has come.
const canvas = import("./canvas/FlowCanvas");
loadTexts("parts");
loadTexts("deliveries");
const FlowCanvas = lazy(() => canvas);
const route = getRouteApi("/flows/$name");
/** In the address: the reader closed the inspector, so nothing is selected by itself. */
const NOTHING = "none";
/** Where the inspector would take the room that the drawing needs. */
const NARROW = "(max-width: 1080px)";

export function FlowPage() {
  const { t } = useTranslation("flows");
  const { name } = route.useParams();
  const { data: flow, error, refetch } = useFlow(name);
  if (flow) return <Flow key={flow.name} flow={flow} />;
  return (
    <>
      <PageHeader title={name} crumbs={[<FlowsLink key="flows" />]} Icon={IconRoute} oneLine />
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={t("title")} />
      )}
    </>
  );
}

function FlowsLink() {
  const { t } = useTranslation("flows");
  return <Link to="/flows">{t("title")}</Link>;
}

function Flow({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const [version, setVersion] = useState<number>();
  const published = useFlowVersion(flow.name, version);
  const shown = version === undefined ? flow : published.data;
  return (
    <>
      <PageHeader
        title={flow.title || flow.name}
        Icon={IconRoute}
        crumbs={[<FlowsLink key="flows" />]}
        oneLine
        beside={<FlowMeta flow={flow} />}
        actions={<FlowActions flow={flow} version={version} onVersion={setVersion} />}
      />
      {version !== undefined && (
        <div className={classes.versionBar} role="status">
          {t("versions.looking", { version })}
          <Button onClick={() => setVersion(undefined)}>{t("versions.back")}</Button>
        </div>
      )}
      {published.error ? (
        <ErrorPanel error={published.error} onRetry={() => void published.refetch()} />
      ) : shown ? (
        <Drawing flow={shown} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Drawing({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const graph = useMemo(() => graphOf(flow.document, flow.problems), [flow]);
  const { selected, select } = useSelection(flow, graph);
  const node = graph.nodes.find(({ id }) => id === selected);
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
            onClose={() => select(undefined)}
          />
        )}
      </div>
      <ProblemsBar
        problems={flow.problems}
        graph={graph}
        onGo={({ place }) => select(nodeOfPlace(graph, place) ?? selected)}
      />
    </>
  );
}

/**
 * The first endpoint is selected until something else is: its URL is what most people come for.
 * Not in a narrow window.
 */
function useSelection(flow: FlowDetail, graph: Graph) {
  const navigate = useNavigate();
  const chosen = route.useSearch().node;
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const first = isNarrow ? undefined : graph.nodes[0]?.id;
  const selected = chosen === NOTHING ? undefined : (chosen ?? first);
  const select = (id: string | undefined) => {
    if (id === selected) return;
    void navigate({
      to: "/flows/$name",
      params: { name: flow.name },
      search: { node: id ?? NOTHING },
      replace: true,
    });
  };
  return { selected, select };
}
