/** The parts of the settings, as links. */
import type { MouseEvent } from "react";
import { useTranslation } from "@/i18n";
import classes from "./PartsNav.module.css";

interface PartsNavProps {
  parts: readonly { id: string; title: string }[];
  inSight: string | undefined;
  onChoose: (id: string) => void;
}

export function PartsNav({ parts, inSight, onChoose }: PartsNavProps) {
  const { t } = useTranslation("settings");

  function choose(event: MouseEvent, id: string) {
    // The way to a part on this page is ours: the browser's, and the router's link, would scroll the frame too. What opens
    // another tab or window is left to the browser.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onChoose(id);
  }

  return (
    <nav className={classes.parts} aria-label={t("parts")}>
      <ul>
        {parts.map(({ id, title }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className={classes.part}
              aria-current={id === inSight ? "location" : undefined}
              onClick={(event) => choose(event, id)}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
