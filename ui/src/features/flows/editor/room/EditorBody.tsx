/** The draft of a flow, to change: outline, canvas, inspector and problems, with all their keys, menus and dialogs. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, type KeyboardEvent } from "react";
import { useJob, type FlowDetail, type JobDetail } from "@/api";
import { Loading } from "@/design";
import { useTranslation } from "@/i18n";
import type { CanvasEdit } from "../../canvas/canvasEdit";
import type { Looks } from "../../canvas/looks";
import classes from "../../FlowPage.module.css";
import { graphOf, nodeOfPlace, type Graph } from "../../graph";
import { Outline } from "../../Outline";
import { ProblemsBar } from "../../ProblemsBar";
import { TryDock } from "../../try/TryDock";
import type { Pins } from "../../try/pinned";
import { usePins } from "../../try/pins";
import { connect, layoutOf, moveNodes, nextCodes, find, refusal } from "../commands";
import { isEmpty } from "../draft/session";
import { useEditor, useEditorState } from "../draft/useSession";
import { JobBar } from "../job/JobBar";
import { looksOfJob } from "../job/looks";
import { FLOW_ID } from "./actions";
import { useRoom, useRoomState } from "./ask";
import { ContextMenu } from "./ContextMenu";
import { EditInspector } from "./EditInspector";
import { EmptyFlow } from "./EmptyFlow";
import { foundIn } from "./found";
import own from "./Room.module.css";
import { SearchBar } from "./SearchBar";
import { useActionCommands, useClipboardEvents, useKeyWords, type Actions } from "./useActions";
import { useAddress } from "./useAddress";

const FlowCanvas = lazy(() => import("../../canvas/FlowCanvas"));
const route = getRouteApi("/flows/$name");

export function EditorBody({ flow, actions }: { flow: FlowDetail; actions: Actions }) {
  const session = useEditor();
  const room = useRoom();
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const selected = useEditorState((state) => state.selected);
  const search = useRoomState((state) => state.search);
  const graph = useMemo(() => graphOf(document, problems), [document, problems]);
  const found = useMemo(() => foundIn(graph, search), [graph, search]);
  const { job, closeJob } = useShownJob();
  const looks = useLooks(graph, found, job, usePins(flow.name));
  useAddress(graph);
  useActionCommands(actions);
  useClipboardEvents();
  return (
    <>
      {job && <JobBar job={job} flow={flow} onClose={closeJob} />}
      <div className={classes.body} onKeyDown={(event) => isWayOut(event) && session.select([])}>
        <div className={own.left}>
          <div className={own.drawing}>
            <Outline
              graph={graph}
              selected={selected}
              looks={looks}
              onSelect={session.select}
              onEnter={() =>
                room.setState(({ focusInspector }) => ({ focusInspector: focusInspector + 1 }))
              }
              onMenu={(menu) => room.setState({ menu })}
            />
            <Stage graph={graph} looks={looks} actions={actions} />
          </div>
          <TryDock flow={flow.name} document={document} />
        </div>
        <EditInspector flow={flow} graph={graph} actions={actions} job={job} />
        {search !== null && <SearchBar found={found} />}
      </div>
      <ProblemsBar
        problems={problems}
        graph={graph}
        onGo={({ place }) => session.select([nodeOfPlace(graph, place) ?? FLOW_ID])}
      />
      <ContextMenu actions={actions} />
    </>
  );
}

/** Escape in the outline or on the canvas; in a field or a menu it has its own use, and in a dialog it closes that. */
function isWayOut({ key, target }: KeyboardEvent): boolean {
  const own = "input, textarea, select, [contenteditable=true], [role=menu]";
  return key === "Escape" && target instanceof Element && target.closest(own) === null;
}

function Stage({ graph, looks, actions }: { graph: Graph; looks: Looks; actions: Actions }) {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  const selected = useEditorState((state) => state.selected);
  const show = useRoomState((state) => state.show);
  const layout = useMemo(() => layoutOf(document), [document]);
  const edit = useCanvasCommands();
  const keys = useKeyWords()("add", actions.add);
  if (isEmpty(document)) return <EmptyFlow />;
  return (
    <div className={classes.stage}>
      <Suspense fallback={<Loading />}>
        <FlowCanvas
          graph={graph}
          layout={layout}
          selected={selected}
          onSelect={session.select}
          looks={looks}
          edit={edit}
          show={show}
        />
      </Suspense>
      <Button
        className={own.addStep ?? ""}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={actions.add.run}
      >
        {t("add.button")} {keys && <kbd>{keys}</kbd>}
      </Button>
    </div>
  );
}

/** What is done on the canvas by pointer, as commands. */
function useCanvasCommands(): CanvasEdit {
  const session = useEditor();
  const room = useRoom();
  return useMemo(
    () => ({
      onMove: (positions) =>
        session.run({ label: "move", merge: `move ${Object.keys(positions).join()}` }, (before) =>
          moveNodes(before, { positions }),
        ),
      canConnect: ({ from, to }) => refusal(session.store.getState().document, from, to) === null,
      onConnect: (edge) => {
        const { document } = session.store.getState();
        const source = find(document, edge.from);
        const on = source?.kind === "step" ? nextCodes(document, source) : [];
        const names = { names: source?.name ?? "" };
        session.run({ label: "connect", names }, (before) => connect(before, { ...edge, on }));
      },
      onAddAfter: (after) => room.setState({ ask: { kind: "add", after } }),
      onInsert: (between) => room.setState({ ask: { kind: "add", between } }),
      onCodes: (edge) => room.setState({ ask: { kind: "codes", edge } }),
      onMenu: (menu) => room.setState({ menu }),
    }),
    [session, room],
  );
}

function useShownJob() {
  const navigate = useNavigate();
  const { name } = route.useParams();
  const id = route.useSearch().job;
  const { data } = useJob(id ?? 0, id !== undefined);
  const closeJob = () =>
    void navigate({
      to: "/flows/$name",
      params: { name },
      search: (before) => ({ ...before, job: undefined }),
      replace: true,
    });
  return { job: id === undefined ? undefined : data, closeJob };
}

function useLooks(
  graph: Graph,
  found: readonly string[],
  job: JobDetail | undefined,
  pins: Pins,
): Looks {
  return useMemo(() => {
    const { cards, edges } = job ? looksOfJob(graph, job) : { cards: new Map(), edges: new Map() };
    for (const id of found) cards.set(id, { ...cards.get(id), isFound: true });
    for (const step of Object.keys(pins)) {
      const id = `step:${step}`;
      cards.set(id, { ...cards.get(id), isPinned: true });
    }
    return { cards, edges };
  }, [graph, found, job, pins]);
}
