/** What can be done with what was clicked with the other button, with the keys that do the same. */
import { Menu } from "@mantine/core";
import { IconRowInsertTop, IconScissors, IconTag } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "@/i18n";
import { disconnect } from "../commands";
import { useEditor } from "../draft/useSession";
import type { ActionName } from "./actions";
import { useRoom, useRoomState, type Ends } from "./ask";
import { useKeyWords, type Actions } from "./useActions";

const GROUPS: ActionName[][] = [
  ["add", "insert", "connect", "codes", "disconnect"],
  ["rename", "duplicate", "copy", "cut", "paste"],
  ["up", "down", "fitSelection", "selectAll", "layout"],
  ["remove"],
];

/** For the popover that the menu is made of; the menu's own properties leave it out. */
const WITHOUT_ROLES = { withRoles: false };

export function ContextMenu({ actions }: { actions: Actions }) {
  const { t } = useTranslation("editor");
  const room = useRoom();
  const at = useRoomState((state) => state.menu);
  if (!at) return null;
  const close = () => room.setState({ menu: null });
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-start"
      offset={0}
      shadow="md"
      // Where it was clicked, which may be near an edge of the window.
      key={`${at.x} ${at.y}`}
      withinPortal
      // Among the landmarks of the page, and without a button that would say that it is open.
      portalProps={{ target: "main" }}
      floatingStrategy="fixed"
      {...WITHOUT_ROLES}
    >
      <Menu.Target>
        <span style={{ position: "fixed", left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown
        aria-label={t("menu.label")}
        // As high as there is room on the larger side of the pointer; the rest is scrolled to.
        mah={Math.max(at.y, innerHeight - at.y) - 12}
        style={{ overflow: "auto" }}
        // While it is open, letters are not commands of the page.
        onKeyDown={(event) => event.stopPropagation()}
      >
        {at.edge ? <EdgeItems edge={at.edge} /> : <ActionItems groups={GROUPS} actions={actions} />}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ActionItemsProps {
  groups: ActionName[][];
  actions: Actions;
}

/** Only what can be done now; what is left is in the same order everywhere. */
export function ActionItems({ groups, actions }: ActionItemsProps) {
  const { t } = useTranslation("editor");
  const keyWords = useKeyWords();
  const shown = groups
    .map((names) => names.filter((name) => actions[name].isEnabled))
    .filter((names) => names.length > 0);
  return shown.map((names, at) => (
    <Fragment key={names.join()}>
      {at > 0 && <Menu.Divider />}
      {names.map((name) => {
        const { Icon, run } = actions[name];
        const keys = keyWords(name, actions[name]);
        return (
          <Menu.Item
            key={name}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={keys ? <kbd>{keys}</kbd> : undefined}
            {...(name === "remove" ? { "data-danger": true } : {})}
            onClick={run}
          >
            {t(`action.${name}`)}
          </Menu.Item>
        );
      })}
    </Fragment>
  ));
}

function EdgeItems({ edge }: { edge: Ends }) {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const room = useRoom();
  return (
    <>
      <Menu.Item
        leftSection={<IconRowInsertTop size={16} aria-hidden />}
        onClick={() => room.setState({ ask: { kind: "add", between: edge } })}
      >
        {t("menu.insertHere")}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconTag size={16} aria-hidden />}
        onClick={() => room.setState({ ask: { kind: "codes", edge } })}
      >
        {t("menu.codesHere")}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconScissors size={16} aria-hidden />}
        onClick={() => session.run({ label: "disconnect" }, (d) => disconnect(d, edge))}
      >
        {t("menu.disconnectHere")}
      </Menu.Item>
    </>
  );
}

export const INSPECTOR_GROUPS = GROUPS;
