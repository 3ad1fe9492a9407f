/** Chooses the address of a listener: at once if it is off, else for the next start. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { moveListener, type Listener, type ListenerName } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { nextAddress } from "./nextAddress";

interface MoveListenerModalProps {
  name: ListenerName;
  listener: Listener;
  onClose: () => void;
}

export default function MoveListenerModal({ name, listener, onClose }: MoveListenerModalProps) {
  const { t } = useTranslation(["settings", "common"]);
  const isOff = listener.state === "off";
  const [address, setAddress] = useState(isOff ? nextAddress(listener.address) : listener.address);
  const move = useAction({
    run: () => moveListener(name, address.trim()),
    stale: () => ["status", "flows", "flow"],
    done: (_, { listener: moved, moves_at_next_start }) =>
      t(moves_at_next_start ? "settings:move.later" : "settings:move.done", {
        address: moves_at_next_start ? address.trim() : moved.address,
      }),
    onDone: onClose,
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (address.trim() !== "") move.mutate();
  }

  return (
    <Dialog onClose={onClose} title={t(`settings:move.${name}`)}>
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{t(isOff ? "settings:move.off" : "settings:move.on")}</p>
        <TextInput
          data-autofocus
          label={t("settings:move.address")}
          description={t("settings:move.addressHint")}
          classNames={{ input: "mono" }}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        {move.error && <ErrorPanel error={move.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={move.isPending}
            disabled={address.trim() === ""}
          >
            {t(isOff ? "settings:move.submitOff" : "settings:move.submitOn")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
