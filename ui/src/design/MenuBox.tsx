import { Menu } from "@mantine/core";
import { closeMenu, useMenu } from "./menu";

/** The menu of a row or a value, where it was asked for. */
export default function MenuBox() {
  const open = useMenu((menu) => menu.open);
  if (!open) return null;
  const { label, entries, x, y } = open;
  return (
    <Menu
      key={`${x} ${y}`}
      opened
      onChange={(next) => !next && closeMenu()}
      position="bottom-start"
      offset={2}
      returnFocus={false}
      trapFocus
      withinPortal
    >
      <Menu.Target>
        <span aria-hidden style={{ position: "fixed", left: x, top: y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label} aria-labelledby={undefined}>
        {entries.map(({ label: words, Icon, run, danger }) => (
          <Menu.Item
            key={words}
            leftSection={<Icon size={16} stroke={1.75} aria-hidden />}
            data-danger={danger || undefined}
            onClick={() => {
              closeMenu();
              run();
            }}
          >
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
