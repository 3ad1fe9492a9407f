/** A dialog with its title and its way out. Its head is no landmark: the page has one already. */
import { Button, Modal } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./Form.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Pixels. */
  width?: number;
  /**
   * Pixels, as far as the window has them. For what comes late or grows: the dialog begins as high as it ends, and its
   * buttons stay where they are, so that nobody presses another one than they aimed at.
   */
  height?: number;
  /** Only its own buttons close it: what it shows is shown only once. */
  keepOpen?: boolean;
  /** Something was typed that would be lost: closing asks first. */
  unsaved?: boolean;
  children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const { title, onClose, width = 440, height, keepOpen = false, unsaved = false } = props;
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  useFocusBack();
  useUnloadQuestion(unsaved);
  const close = () => (unsaved ? setAsking(true) : onClose());
  return (
    <Modal.Root
      opened
      onClose={close}
      size={width}
      closeOnClickOutside={!keepOpen}
      closeOnEscape={!keepOpen}
      centered
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      {/* Not as its class and style: those would be given to the room around it, too. */}
      <Modal.Content
        {...(height === undefined
          ? {}
          : { classNames: { content: classes.sized ?? "" }, styles: { content: { height } } })}
      >
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("action.close")} />
        </div>
        {isAsking && unsaved && <Question onKeep={() => setAsking(false)} onDiscard={onClose} />}
        <Modal.Body>{props.children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Question({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.question} role="alert">
      <span className="strong">{t("unsaved.question")}</span>
      <Button autoFocus onClick={onKeep}>
        {t("unsaved.keep")}
      </Button>
      <Button variant="filled" data-danger onClick={onDiscard}>
        {t("unsaved.discard")}
      </Button>
    </div>
  );
}

/** Leaving the page asks, too, in the browser's own words. */
function useUnloadQuestion(unsaved: boolean) {
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [unsaved]);
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
