/** Every command by its name, and every flow and job by theirs. */
import "@mantine/spotlight/styles.layer.css";
import {
  Spotlight,
  spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from "@mantine/spotlight";
import {
  IconCopy,
  IconMoon,
  IconPlayerPlay,
  IconRoute,
  IconSearch,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useFlows, useStatus } from "@/api";
import { useCopy } from "@/design";
import { useTranslation } from "@/i18n";
import { useRegistry, type Command } from "./commands";
import { useDoor } from "./paletteDoor";
import { ROOMS } from "./rooms";
import { useTheme } from "./useTheme";

export default function Palette() {
  const { t } = useTranslation();
  const turn = useDoor((door) => door.turn);
  useEffect(() => spotlight.open(), [turn]);
  const [query, setQuery] = useState("");
  const general = useGeneralCommands();
  const rooms = useRoomCommands();
  const flows = useFlowCommands();
  const job = useJobCommand(query);
  const here = useRegistry((state) => state.byScreen);
  const groups: [string, Command[]][] = [
    [t("palette.here"), Object.values(here).flat()],
    [t("palette.goTo"), [...job, ...rooms]],
    [t("palette.flows"), flows],
    [t("palette.general"), general],
  ];
  return (
    <Spotlight
      actions={groups.filter(([, commands]) => commands.length > 0).map(toGroup)}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound={t("palette.nothing")}
      highlightQuery={false}
      scrollable
      maxHeight={440}
      transitionProps={{ duration: 120 }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      attributes={{ content: { "aria-label": t("palette.open") } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}

function toGroup([group, commands]: [string, Command[]]): SpotlightActionGroupData {
  return { group, actions: commands.map(toAction) };
}

function toAction({ id, label, Icon, keywords, shortcut, run }: Command): SpotlightActionData {
  return {
    id,
    label,
    keywords: keywords ?? "",
    leftSection: <Icon size={16} stroke={1.75} aria-hidden />,
    rightSection: shortcut ? <kbd>{shortcut}</kbd> : undefined,
    onClick: run,
  };
}

function useRoomCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return ROOMS.map(({ name, to, Icon }, at) => ({
    id: `room.${name}`,
    label: t("palette.room", { room: t(`nav.${name}`) }),
    Icon,
    shortcut: `Alt ${at + 1}`,
    run: () => void navigate({ to }),
  }));
}

function useFlowCommands(): Command[] {
  const navigate = useNavigate();
  const { data } = useFlows();
  return (data?.items ?? []).map((flow) => ({
    id: `flow.${flow.name}`,
    label: flow.title || flow.name,
    keywords: flow.name,
    Icon: IconRoute,
    run: () => void navigate({ to: "/flows/$name", params: { name: flow.name } }),
  }));
}

function useJobCommand(query: string): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const id = /^(?:job\s*)?#?(\d+)$/i.exec(query.trim())?.[1];
  if (!id) return [];
  const run = () => void navigate({ to: "/jobs/$id", params: { id } });
  const label = t("palette.openJob", { id });
  return [{ id: "job.open", label, keywords: query, Icon: IconPlayerPlay, run }];
}

function useGeneralCommands(): Command[] {
  const { t } = useTranslation();
  const { shown, toggle } = useTheme();
  const { copy } = useCopy();
  const receiver = useStatus().data?.receiver;
  const commands: Command[] = [
    {
      id: "theme.toggle",
      label: t(shown === "dark" ? "theme.toLight" : "theme.toDark"),
      Icon: shown === "dark" ? IconSun : IconMoon,
      run: toggle,
    },
  ];
  if (receiver) {
    const run = () => void copy(receiver.url);
    commands.push({ id: "receiver.copy", label: t("receiver.copy"), Icon: IconCopy, run });
  }
  return commands;
}
