/** Takes the next key that is pressed as the key of a command, and says whose it is already. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Dialog } from "@/design";
import forms from "@/design/Form.module.css";
import { keyOf, shownKey } from "@/frame/keys";
import { chooseKey, conflictsOf, useOwnKeys } from "@/frame/ownKeys";
import { useTranslation } from "@/i18n";
import classes from "./Settings.module.css";

/** These move in the dialog, or close it. */
const OF_DIALOGS = ["Tab", "shift+Tab", "Escape", "Enter", "Space"];

export function RecordKeyModal({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const keys = useOwnKeys();
  const [key, setKey] = useState<string>();
  const label = keys.known[id]?.label ?? id;
  const conflicts = key === undefined ? [] : conflictsOf(id, key, keys);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const pressed = keyOf(event);
      if (pressed === null || OF_DIALOGS.includes(pressed)) return;
      event.preventDefault();
      event.stopPropagation();
      setKey(pressed);
    };
    // Before the kit and the browser: any key may be the one.
    addEventListener("keydown", listen, { capture: true });
    return () => removeEventListener("keydown", listen, { capture: true });
  }, []);

  function save(chosen: string | null) {
    chooseKey(id, chosen);
    onClose();
  }

  return (
    <Dialog title={t("shortcuts.record", { label })} onClose={onClose}>
      <div className={forms.form}>
        <p className="muted">{t("shortcuts.press")}</p>
        <p className={classes.pressed} role="status">
          {key === undefined ? t("shortcuts.waiting") : <kbd>{shownKey(key)}</kbd>}
        </p>
        {conflicts.length > 0 && (
          <p className={classes.conflict} role="alert">
            {t("shortcuts.conflict", { others: conflicts.join(", ") })}
          </p>
        )}
        <div className={forms.buttons}>
          <Button onClick={() => save(null)}>{t("shortcuts.noKey")}</Button>
          <Button
            variant="filled"
            disabled={key === undefined}
            onClick={() => key !== undefined && save(key)}
          >
            {t("shortcuts.save")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
