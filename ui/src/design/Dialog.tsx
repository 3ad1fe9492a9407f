/** A dialog with its title and its way out. Its head is no landmark: the page has one already. */
import { Modal } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./Form.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Pixels. */
  width?: number;
  /** A click beside it does not close it: what it shows is shown only once. */
  keepOpen?: boolean;
  children: ReactNode;
}

export function Dialog({ title, onClose, width = 440, keepOpen, children }: DialogProps) {
  const { t } = useTranslation();
  useFocusBack();
  return (
    <Modal.Root opened onClose={onClose} size={width} closeOnClickOutside={!keepOpen} centered>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("action.close")} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The kit gives the focus back when a dialog closes, but ours are taken off the page at once. */
function useFocusBack() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isThere = before instanceof HTMLElement && before.isConnected;
      const target = isThere ? before : document.getElementById("content");
      target?.focus({ preventScroll: true });
    },
    [before],
  );
}
