/** Asks before something is lost; with `typeName`, the thing's name has to be typed. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { Dialog } from "./Dialog";
import { ErrorPanel } from "./ErrorPanel";
import classes from "./Form.module.css";

interface ConfirmModalProps {
  title: string;
  text: ReactNode;
  confirm: string;
  typeName?: string;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmModal(props: ConfirmModalProps) {
  const { title, text, confirm, typeName, busy, error, onConfirm, onClose } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const ready = typeName === undefined || typed === typeName;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) onConfirm();
  }

  return (
    <Dialog onClose={onClose} title={title}>
      <form onSubmit={submit} className={classes.form}>
        <div className="muted">{text}</div>
        {typeName !== undefined && (
          <TextInput
            data-autofocus
            label={t("confirm.typeName", { name: typeName })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {error ? <ErrorPanel error={error} inline /> : null}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            data-danger
            disabled={!ready}
            loading={busy ?? false}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
