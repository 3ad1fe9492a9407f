/** Finds parts of this flow by any of their words, and walks through them. */
import { TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { announce, IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import { useEditor, useEditorState } from "../draft/useSession";
import { show, useRoom, useRoomState } from "./ask";
import classes from "./Room.module.css";

export function SearchBar({ found }: { found: readonly string[] }) {
  const { t } = useTranslation("editor");
  const room = useRoom();
  const session = useEditor();
  const query = useRoomState((state) => state.search) ?? "";
  const last = useEditorState((state) => state.selected.at(-1));
  const input = useRef<HTMLInputElement>(null);
  const at = last === undefined ? -1 : found.indexOf(last);
  useEffect(() => input.current?.select(), []);

  function walk(by: number) {
    if (found.length === 0) return;
    const next = found[(at + by + found.length) % found.length] ?? "";
    session.select([next]);
    show(room, [next]);
    announce(t("search.count", { at: found.indexOf(next) + 1, count: found.length }));
  }

  const close = () => room.setState({ search: null });

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") close();
    else if (event.key === "Enter") walk(event.shiftKey || at < 0 ? (at < 0 ? 1 : -1) : 1);
    else return;
    event.preventDefault();
  }

  return (
    <div className={classes.search} role="search">
      <TextInput
        ref={input}
        aria-label={t("search.label")}
        placeholder={t("search.label")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={query}
        onChange={(event) => room.setState({ search: event.currentTarget.value })}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <span className="muted num" role="status">
        {query.trim() !== "" &&
          (found.length === 0
            ? t("search.none")
            : t("search.count", { at: at + 1, count: found.length }))}
      </span>
      <IconAction Icon={IconChevronUp} label={t("search.previous")} onClick={() => walk(-1)} />
      <IconAction Icon={IconChevronDown} label={t("search.next")} onClick={() => walk(1)} />
      <IconAction Icon={IconX} label={t("search.close")} onClick={close} />
    </div>
  );
}
