import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconPlayerPause, IconPower } from "@tabler/icons-react";
import { setFlowState, type FlowDetail, type FlowState } from "@/api";
import { useAction } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";

const STATES = [
  { state: "live", action: "state.setLive", hint: "state.liveHint", Icon: IconCheck },
  { state: "paused", action: "state.setPaused", hint: "state.pausedHint", Icon: IconPlayerPause },
  { state: "off", action: "state.setOff", hint: "state.offHint", Icon: IconPower },
] as const;

/** Switches a flow on, pauses it, switches it off; each says what it means for requests. */
export function StateMenu({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const change = useAction({
    run: (state: FlowState) => setFlowState(flow.name, state),
    stale: () => ["flows", `flow:${flow.name}`],
    done: (state) => t(`state.done.${state}`),
  });
  const others = STATES.filter(({ state }) => state !== flow.state);
  useCommands(
    others.map(({ state, action, Icon }) => ({
      id: `flow.state.${state}`,
      label: t("command.state", { change: t(action) }),
      Icon,
      run: () => change.mutate(state),
    })),
  );
  return (
    <Menu>
      <Menu.Target>
        <Button
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={t("state.change")}
          loading={change.isPending}
        >
          {t(`state.${flow.state}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ state, action, hint, Icon }) => (
          <Menu.Item
            key={state}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => change.mutate(state)}
          >
            {t(action)}
            <div className="faint">{t(hint)}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
