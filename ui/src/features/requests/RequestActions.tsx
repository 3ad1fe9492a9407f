/** What can be done with a request: its job, again, edited, elsewhere. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArrowsDiff,
  IconCopy,
  IconDots,
  IconFlask,
  IconId,
  IconPencil,
  IconPlayerPlay,
  IconRefresh,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { replayRequest, type RequestDetail } from "@/api";
import { useCopy } from "@/design";
import { CurlMenu, useRequestCurl } from "./CurlMenu";
import { ReplayModal } from "@/features/replays/ReplayModal";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import classes from "./Requests.module.css";
import { useMakeSample } from "./makeSample";

const ResendModal = lazy(() => import("@/features/sending/ResendModal"));
const SendTestDialog = lazy(() => import("@/features/sending/SendTestDialog"));
const CompareModal = lazy(() => import("@/features/compare/CompareModal"));

interface RequestActionsProps {
  request: RequestDetail;
  withJobLink: boolean;
}

type DialogName = "replay" | "resend" | "compare" | "test";

export function RequestActions({ request, withJobLink }: RequestActionsProps) {
  const { t } = useTranslation("requests");
  const [dialog, setDialog] = useState<DialogName>();
  const close = () => setDialog(undefined);
  const canReplay = request.verdict !== "rejected";
  const canResend = request.endpoint !== "" && request.flow !== "";
  const makeSample = useMakeSample();
  const makeTest = () =>
    void makeSample(request).then((isKept) => isKept && canResend && setDialog("test"));
  useRequestCommands(request, setDialog, makeTest);
  return (
    <div className={classes.actions}>
      {withJobLink && request.job_id !== null && <OpenJob id={request.job_id} />}
      {canReplay && (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => setDialog("replay")}
        >
          {t("replay.action")}
        </Button>
      )}
      {canResend && (
        <Button
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => setDialog("resend")}
        >
          {t("resend.action")}
        </Button>
      )}
      <CurlMenu request={request} />
      <More request={request} onTest={makeTest} onCompare={() => setDialog("compare")} />
      {dialog === "replay" && (
        <ReplayModal
          title={t("replay.title")}
          text={t(request.job_id === null ? "replay.textHeld" : "replay.text")}
          hasOriginal={request.job_id !== null}
          replay={(options) => replayRequest(request.id, options)}
          stale={[`request:${request.id}`]}
          onClose={close}
        />
      )}
      <Suspense>
        {dialog === "resend" && <ResendModal request={request} onClose={close} />}
        {dialog === "test" && (
          <SendTestDialog
            flow={request.flow}
            endpoint={request.endpoint}
            beginsKept
            onClose={close}
          />
        )}
        {dialog === "compare" && <CompareModal kind="requests" id={request.id} onClose={close} />}
      </Suspense>
    </div>
  );
}

function OpenJob({ id }: { id: number }) {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  return (
    <Button
      variant="filled"
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
      onClick={() => void navigate({ to: "/jobs/$id", params: { id: String(id) } })}
    >
      {t("openJob", { id })}
    </Button>
  );
}

interface MoreProps {
  request: RequestDetail;
  onTest: () => void;
  onCompare: () => void;
}

function More({ request, onTest, onCompare }: MoreProps) {
  const { t } = useTranslation("requests");
  const { copy } = useCopy();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={t("more")} data-tip={t("more")}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {request.flow !== "" && (
          <Menu.Item leftSection={<IconFlask size={16} aria-hidden />} onClick={onTest}>
            {t("sample.action")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconArrowsDiff size={16} aria-hidden />} onClick={onCompare}>
          {t("compare.action")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconId size={16} aria-hidden />}
          onClick={() => void copy(request.id)}
        >
          {t("copyId")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useRequestCommands(
  request: RequestDetail,
  setDialog: (dialog: DialogName) => void,
  makeTest: () => void,
) {
  const { t } = useTranslation("requests");
  const { copy } = useCopy();
  const curl = useRequestCurl(request);
  const hasFlow = request.flow !== "";
  useCommands([
    {
      id: "request.curl",
      label: t("command.copyCurl"),
      Icon: IconCopy,
      shortcut: "shift+C",
      run: () => void copy(() => curl("bash")),
    },
    {
      id: "request.compare",
      label: t("command.compare"),
      Icon: IconArrowsDiff,
      run: () => setDialog("compare"),
    },
    ...(request.verdict === "rejected"
      ? []
      : [
          {
            id: "request.replay",
            label: t("command.replay"),
            Icon: IconRefresh,
            shortcut: "shift+R",
            run: () => setDialog("replay"),
          },
        ]),
    ...(hasFlow && request.endpoint !== ""
      ? [
          {
            id: "request.resend",
            label: t("command.resend"),
            Icon: IconPencil,
            shortcut: "shift+E",
            run: () => setDialog("resend"),
          },
        ]
      : []),
    ...(hasFlow
      ? [
          {
            id: "request.sample",
            label: t("command.sample"),
            Icon: IconFlask,
            run: makeTest,
          },
        ]
      : []),
  ]);
}
