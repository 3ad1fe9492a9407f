/** Every command by its name, and every flow and job by theirs. */
import "@mantine/spotlight/styles.layer.css";
import {
  Spotlight,
  spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from "@mantine/spotlight";
import { IconPlayerPlay, IconRoute, IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useFlows } from "@/api";
import { useTranslation } from "@/i18n";
import { useRegistry, type Command, type CommandGroup } from "./commands";
import { shownKey } from "./keys";
import { effectiveKey, useOwnKeys } from "./ownKeys";
import { useDoor } from "./paletteDoor";

export default function Palette() {
  const { t } = useTranslation();
  const turn = useDoor((door) => door.turn);
  useEffect(() => spotlight.open(), [turn]);
  const [query, setQuery] = useState("");
  const flows = useFlowCommands();
  const job = useJobCommand(query);
  const offered = Object.values(useRegistry((state) => state.byScreen)).flat();
  const own = useOwnKeys((keys) => keys.own);
  const of = (group: CommandGroup) =>
    offered.filter((command) => (command.group ?? "here") === group && command.id !== SELF);
  const groups: [string, Command[]][] = [
    [t("palette.here"), of("here")],
    [t("palette.goTo"), [...job, ...of("goTo")]],
    [t("palette.flows"), flows],
    [t("palette.general"), of("general")],
  ];
  const toGroup = ([group, commands]: [string, Command[]]): SpotlightActionGroupData => ({
    group,
    actions: commands.map((command) => toAction(command, effectiveKey(own, command))),
  });
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

/** Opening the palette is a command with a key, but no choice inside it. */
const SELF = "palette.open";

function toAction(command: Command, key: string | null): SpotlightActionData {
  const { id, label, Icon, keywords, run } = command;
  return {
    id,
    label,
    keywords: keywords ?? "",
    leftSection: <Icon size={16} stroke={1.75} aria-hidden />,
    rightSection: key ? <kbd>{shownKey(key)}</kbd> : undefined,
    onClick: run,
  };
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
