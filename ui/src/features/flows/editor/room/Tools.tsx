/** Undo, redo and the layout, in the head of the page; each says what it would do. */
import { ActionIcon } from "@mantine/core";
import { announce } from "@/design";
import { useTranslation } from "@/i18n";
import { useEditorState } from "../draft/useSession";
import { redoable, undoable, type Entry } from "../history/history";
import own from "./Room.module.css";
import { useKeyWords, type Actions } from "./useActions";

export function Tools({ actions }: { actions: Actions }) {
  const { t } = useTranslation("editor");
  const history = useEditorState((state) => state.history);
  const words = useDidWords();
  const keyWords = useKeyWords();
  const [last, next] = [undoable(history), redoable(history)];
  const labels = {
    undo: last ? t("undoWhat", { what: words(last) }) : t("action.undo"),
    redo: next ? t("redoWhat", { what: words(next) }) : t("action.redo"),
    layout: t("action.layout"),
    search: t("action.search"),
  };
  const said = {
    undo: last && t("undone", { what: words(last) }),
    redo: next && t("redone", { what: words(next) }),
  };
  return (
    <span className={own.tools}>
      {(["undo", "redo", "layout", "search"] as const).map((name) => {
        const { Icon, isEnabled, run } = actions[name];
        const keys = keyWords(name, actions[name]);
        const label = labels[name];
        return (
          <ActionIcon
            key={name}
            aria-label={label}
            data-tip={keys ? `${label} (${keys})` : label}
            disabled={!isEnabled}
            onClick={() => {
              run();
              if (name === "undo" || name === "redo") announce(said[name] ?? "");
            }}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
          </ActionIcon>
        );
      })}
    </span>
  );
}

function useDidWords() {
  const { t } = useTranslation("editor");
  return ({ label, names = {} }: Entry): string => {
    // What was kept by an earlier release is said by its own key, or not at all.
    const say = t as unknown as (key: string, names: Record<string, string>) => string;
    return say(`did.${label}`, names);
  };
}
