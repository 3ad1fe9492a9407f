/** The handle by which a row is pulled to another place. */
import { UnstyledButton } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { useTranslation } from "@/i18n";
import own from "./RowHandle.module.css";

interface RowHandleProps {
  /** Of the row. */
  name: string;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

export function RowHandle({ name, ...pull }: RowHandleProps) {
  const { t } = useTranslation("forms");
  return (
    <UnstyledButton
      className={own.handle}
      data-order-handle
      aria-label={t("order.handle", { name })}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
      data-tip={t("order.tip")}
      {...pull}
    >
      <IconGripVertical size={14} aria-hidden />
    </UnstyledButton>
  );
}
