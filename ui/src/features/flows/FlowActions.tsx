/** Everything that can be done with a flow: in buttons, in menus, and in the palette. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconCalendarTime,
  IconCloudUpload,
  IconCopy,
  IconDots,
  IconDownload,
  IconGitCompare,
  IconHistory,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import type { FlowDetail } from "@/api";
import { RelativeTime } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { CopyFlowModal } from "./dialogs/CopyFlowModal";
import { DeleteFlowModal } from "./dialogs/DeleteFlowModal";
import { ExportModal } from "./dialogs/ExportModal";
import { RunModal } from "./dialogs/RunModal";
import { SchedulesModal } from "./dialogs/SchedulesModal";
import classes from "./FlowPage.module.css";
import { StateMenu } from "./StateMenu";

interface FlowActionsProps {
  flow: FlowDetail;
  version: number | undefined;
  onVersion: (version: number | undefined) => void;
  onPublish: () => void;
  onCompare: () => void;
}

type Dialog = "run" | "schedules" | "copy" | "export" | "delete";

export function FlowActions(props: FlowActionsProps) {
  const { flow, onPublish } = props;
  const { t } = useTranslation("flows");
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const canPublish = flow.draft_changed || flow.version === null;
  useFlowCommands(flow, setDialog, canPublish ? onPublish : null);
  return (
    <>
      <VersionsMenu {...props} />
      <StateMenu flow={flow} />
      <Button
        className={classes.foldable}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        aria-label={t("run.action")}
        disabled={flow.version === null}
        title={flow.version === null ? t("draftOnly") : undefined}
        onClick={() => setDialog("run")}
      >
        <span>{t("run.action")}</span>
      </Button>
      <Button
        variant="filled"
        leftSection={<IconCloudUpload size={16} aria-hidden />}
        disabled={!canPublish}
        title={canPublish ? undefined : t("publish.nothing")}
        onClick={onPublish}
      >
        {t("publish.action")}
      </Button>
      <MoreMenu onChoose={setDialog} />
      {dialog === "run" && <RunModal flow={flow} onClose={close} />}
      {dialog === "schedules" && <SchedulesModal flow={flow} onClose={close} />}
      {dialog === "copy" && <CopyFlowModal flow={flow} onClose={close} />}
      {dialog === "export" && <ExportModal flow={flow} onClose={close} />}
      {dialog === "delete" && <DeleteFlowModal flow={flow} onClose={close} />}
    </>
  );
}

/** Only what can be done now: a command that does nothing would leave one guessing. */
function useFlowCommands(
  flow: FlowDetail,
  open: (dialog: Dialog) => void,
  publish: (() => void) | null,
) {
  const { t } = useTranslation("flows");
  useCommands([
    ...(publish
      ? [{ id: "flow.publish", label: t("command.publish"), Icon: IconCloudUpload, run: publish }]
      : []),
    ...(flow.version === null
      ? []
      : [
          {
            id: "flow.run",
            label: t("command.run"),
            Icon: IconPlayerPlay,
            run: () => open("run"),
          },
        ]),
    {
      id: "flow.schedules",
      label: t("command.schedules"),
      Icon: IconCalendarTime,
      run: () => open("schedules"),
    },
    { id: "flow.copy", label: t("command.copy"), Icon: IconCopy, run: () => open("copy") },
    {
      id: "flow.export",
      label: t("command.export"),
      Icon: IconDownload,
      run: () => open("export"),
    },
    { id: "flow.delete", label: t("command.delete"), Icon: IconTrash, run: () => open("delete") },
  ]);
}

function MoreMenu({ onChoose }: { onChoose: (dialog: Dialog) => void }) {
  const { t } = useTranslation("flows");
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t("more")}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCalendarTime size={16} aria-hidden />}
          onClick={() => onChoose("schedules")}
        >
          {t("schedules.action")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => onChoose("export")}
        >
          {t("export.action")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() => onChoose("copy")}
        >
          {t("copyFlow.action")}
        </Menu.Item>
        <Menu.Item
          data-danger
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => onChoose("delete")}
        >
          {t("delete.action")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function VersionsMenu({ flow, version, onVersion, onCompare }: FlowActionsProps) {
  const { t } = useTranslation(["flows", "editor"]);
  return (
    <Menu>
      <Menu.Target>
        <Button
          className={classes.foldable}
          leftSection={<IconHistory size={16} aria-hidden />}
          aria-label={t("flows:versions.button")}
        >
          <span>{t("flows:versions.button")}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: "auto" }}>
        <Menu.Item aria-current={version === undefined} onClick={() => onVersion(undefined)}>
          {t("flows:versions.draft")}
        </Menu.Item>
        {flow.versions.map((each) => (
          <Menu.Item
            key={each.version}
            aria-current={version === each.version}
            onClick={() => onVersion(each.version)}
            rightSection={
              <span className="muted">
                <RelativeTime at={each.published_at} />
              </span>
            }
          >
            {t("flows:versions.version", { version: each.version })}
          </Menu.Item>
        ))}
        {flow.versions.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconGitCompare size={16} aria-hidden />} onClick={onCompare}>
              {t("editor:compare.action")}
            </Menu.Item>
          </>
        )}
        {flow.versions.length === 0 && <Menu.Label>{t("flows:versions.none")}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
