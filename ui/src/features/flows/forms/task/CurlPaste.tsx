/** Makes the message of a task from a cURL command that somebody has at hand. */
import { Button } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/i18n";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";

const CurlDialog = lazy(() => import("../curl/CurlDialog"));

export function CurlPaste({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={classes.row}>
      <Button
        variant="subtle"
        // In a narrow panel, or in a language with longer words, on two lines.
        h="auto"
        mih={32}
        styles={{ label: { whiteSpace: "normal" } }}
        leftSection={<IconTerminal2 size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("task.pasteCurl")}
      </Button>
      {isOpen && (
        <Suspense>
          <CurlDialog
            target="task"
            fields={slot.fields}
            onFields={slot.replace}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
