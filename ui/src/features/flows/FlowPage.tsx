/** One flow: its draft to change, or one of its versions to look at. */
import { Button } from "@mantine/core";
import { IconFlask, IconRoute } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFlow, useFlowVersion, type ReadFlow } from "@/api";
import { Banner, ErrorPanel, Loading, PageHeader } from "@/design";
import { loadTexts, useTranslation } from "@/i18n";
import { Asked } from "./editor/dialogs/Asked";
import { SessionProvider, useSession } from "./editor/draft/useSession";
import { createRoom, RoomProvider, useRoom } from "./editor/room/ask";
import { EditorBody } from "./editor/room/EditorBody";
import { LeaveQuestion, SaveStatus } from "./editor/room/SaveStatus";
import { Tools } from "./editor/room/Tools";
import { useActions } from "./editor/room/useActions";
import { FlowActions } from "./FlowActions";
import { FlowMeta, FlowState } from "./FlowMeta";
import classes from "./FlowPage.module.css";
import { openTry } from "./try/store";
import { VersionView } from "./VersionView";

// Asked for as soon as this page is, not only when its data has come.
void import("./canvas/FlowCanvas");
loadTexts("editor");
loadTexts("parts");
loadTexts("deliveries");
const route = getRouteApi("/flows/$name");

export function FlowPage() {
  const { t } = useTranslation("flows");
  const { name } = route.useParams();
  const { data: flow, error, refetch } = useFlow(name);
  if (flow) return <Flow key={flow.id} flow={flow} />;
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

function Flow({ flow }: { flow: ReadFlow }) {
  const session = useSession(flow);
  const [room] = useState(createRoom);
  if (!session) return <Loading />;
  return (
    <SessionProvider value={session}>
      <RoomProvider value={room}>
        <FlowRoom flow={flow} />
      </RoomProvider>
    </SessionProvider>
  );
}

function FlowRoom({ flow }: { flow: ReadFlow }) {
  const [version, setVersion] = useState<number>();
  const room = useRoom();
  const actions = useActions();
  const isDraft = version === undefined;
  return (
    <>
      <PageHeader
        title={flow.title || flow.name}
        Icon={IconRoute}
        crumbs={[<FlowsLink key="flows" />]}
        oneLine
        beside={
          <>
            {isDraft ? <FlowState flow={flow} /> : <FlowMeta flow={flow} />}
            {isDraft && <SaveStatus flow={flow} />}
          </>
        }
        actions={
          <>
            {isDraft && <Tools actions={actions} />}
            {isDraft && <TryButton flow={flow.name} />}
            <FlowActions
              flow={flow}
              version={version}
              onVersion={setVersion}
              onPublish={() => room.setState({ ask: { kind: "publish" } })}
              onCompare={() => room.setState({ ask: { kind: "compare" } })}
            />
          </>
        }
      />
      {isDraft && <LongNumbers flow={flow} />}
      {isDraft ? (
        <EditorBody flow={flow} actions={actions} />
      ) : (
        <Published flow={flow} version={version} onBack={() => setVersion(undefined)} />
      )}
      <Asked flow={flow} />
      <LeaveQuestion />
    </>
  );
}

/** They would be rounded with the first change that is saved from here. */
function LongNumbers({ flow: { long_numbers = [] } }: { flow: ReadFlow }) {
  const { t } = useTranslation("flows");
  if (long_numbers.length === 0) return null;
  return (
    <Banner
      tone="wait"
      title={t("longNumbers.title")}
      text={t("longNumbers.text", { numbers: [...new Set(long_numbers)].join(", ") })}
    />
  );
}

function TryButton({ flow }: { flow: string }) {
  const { t } = useTranslation("editor");
  return (
    <Button
      className={classes.foldable ?? ""}
      leftSection={<IconFlask size={16} aria-hidden />}
      aria-label={t("action.try")}
      onClick={() => openTry({ flow, step: null })}
    >
      <span>{t("action.try")}</span>
    </Button>
  );
}

interface PublishedProps {
  flow: ReadFlow;
  version: number;
  onBack: () => void;
}

function Published({ flow, version, onBack }: PublishedProps) {
  const { t } = useTranslation("flows");
  const { data, error, refetch } = useFlowVersion(flow.name, version);
  return (
    <>
      <div className={classes.versionBar} role="status">
        {t("versions.looking", { version })}
        <Button onClick={onBack}>{t("versions.back")}</Button>
      </div>
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <VersionView flow={data} />
      ) : (
        <Loading />
      )}
    </>
  );
}
