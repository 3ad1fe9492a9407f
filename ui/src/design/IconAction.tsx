import { ActionIcon } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";

interface IconActionProps {
  Icon: Icon;
  /** Its name, and the words shown on hover and on focus. */
  label: string;
  onClick: () => void;
  stroke?: number;
}

/** A button that is only an icon. */
export function IconAction({ Icon, label, onClick, stroke }: IconActionProps) {
  return (
    <ActionIcon aria-label={label} data-tip={label} onClick={onClick}>
      <Icon size={16} aria-hidden {...(stroke ? { stroke } : {})} />
    </ActionIcon>
  );
}
