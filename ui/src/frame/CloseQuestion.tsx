/** Where there is no tray, closing asks: go on without the window, and how it comes back, or end. */
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import type { Shell } from "@/platform";

interface CloseQuestionProps {
  shell: Shell;
  onClose: () => void;
}

export function CloseQuestion({ shell, onClose }: CloseQuestionProps) {
  const { t } = useTranslation(["desktop", "common"]);
  const [isAlways, setAlways] = useState(false);

  function answer(isKept: boolean | null) {
    onClose();
    void shell.close(isKept, isAlways && isKept !== null);
  }

  return (
    <Dialog onClose={() => answer(null)} title={t("desktop:close.title")} width={480}>
      <div className={classes.form}>
        <p>{t("desktop:close.keepText")}</p>
        <p className="muted">{t("desktop:close.back")}</p>
        <Checkbox
          label={t("desktop:close.always")}
          checked={isAlways}
          onChange={({ currentTarget }) => setAlways(currentTarget.checked)}
        />
        <div className={classes.buttons}>
          <Button onClick={() => answer(null)}>{t("common:action.cancel")}</Button>
          <Button onClick={() => answer(false)}>{t("desktop:close.quit")}</Button>
          <Button data-autofocus variant="filled" onClick={() => answer(true)}>
            {t("desktop:close.keep")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
