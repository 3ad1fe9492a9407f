import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./lists.module.css";

interface SelectionBarProps {
  marks: { rows: unknown[]; clear: () => void };
  children: ReactNode;
}

/** How many rows are chosen, and what can be done with them. */
export function SelectionBar({ marks: { rows, clear }, children }: SelectionBarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.selection} role="group" aria-label={t("table.selection")}>
      <span className="strong" role="status">
        {t("table.selected", { count: rows.length })}
      </span>
      {children}
      <Button variant="subtle" onClick={clear}>
        {t("table.clearSelection")}
      </Button>
    </div>
  );
}
