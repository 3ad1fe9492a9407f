/** The key of each command: what it is, another one, none, or the one that it came with. */
import { Button, TextInput } from "@mantine/core";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { ScrollBox, SimpleTable } from "@/design";
import { useCommands } from "@/frame/commands";
import { shownKey } from "@/frame/keys";
import { chooseKey, conflictsOf, resetKeys, useOwnKeys } from "@/frame/ownKeys";
import { useTranslation } from "@/i18n";
import { RecordKeyModal } from "./RecordKeyModal";
import classes from "./Settings.module.css";

export function ShortcutSettings() {
  const { t } = useTranslation("settings");
  const keys = useOwnKeys();
  const [words, setWords] = useState("");
  const [recording, setRecording] = useState<string>();
  const head = useRef<HTMLInputElement>(null);
  const show = () => head.current?.focus();
  useCommands([
    { id: "shortcuts.show", label: t("shortcuts.show"), Icon: IconKeyboard, run: show },
  ]);
  const rows = Object.entries(keys.known)
    .filter(([, { label }]) => label.toLowerCase().includes(words.trim().toLowerCase()))
    .sort(([, one], [, other]) => one.label.localeCompare(other.label));
  return (
    <>
      <p className="muted">{t("shortcuts.text")}</p>
      <div className={classes.shortcutsHead}>
        <TextInput
          ref={head}
          aria-label={t("shortcuts.search")}
          placeholder={t("shortcuts.search")}
          leftSection={<IconSearch size={15} stroke={1.75} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button disabled={Object.keys(keys.own).length === 0} onClick={resetKeys}>
          {t("shortcuts.resetAll")}
        </Button>
      </div>
      <div className={classes.shortcuts}>
        <ScrollBox label={t("shortcuts.list")}>
          <SimpleTable
            label={t("shortcuts.list")}
            headers={[t("shortcuts.command"), t("shortcuts.key")]}
            actionsHeader={t("shortcuts.actions")}
            rows={rows.map(([id, { label, key: usual }]) => {
              const own = keys.own[id];
              const key = own === undefined ? usual : own;
              const conflicts = key === null ? [] : conflictsOf(id, key, keys);
              return {
                key: id,
                cells: [
                  label,
                  <span key="key">
                    {key === null ? (
                      <span className="faint">{t("shortcuts.none")}</span>
                    ) : (
                      <kbd>{shownKey(key)}</kbd>
                    )}
                    {conflicts.length > 0 && (
                      <p className={classes.conflict}>
                        {t("shortcuts.conflict", { others: conflicts.join(", ") })}
                      </p>
                    )}
                  </span>,
                ],
                actions: (
                  <>
                    {own !== undefined && (
                      <Button
                        variant="subtle"
                        aria-label={t("shortcuts.resetNamed", { label })}
                        onClick={() => chooseKey(id, undefined)}
                      >
                        {t("shortcuts.reset")}
                      </Button>
                    )}
                    <Button
                      leftSection={<IconKeyboard size={16} aria-hidden />}
                      aria-label={t("shortcuts.changeNamed", { label })}
                      onClick={() => setRecording(id)}
                    >
                      {t("shortcuts.change")}
                    </Button>
                  </>
                ),
              };
            })}
          />
        </ScrollBox>
      </div>
      {recording && <RecordKeyModal id={recording} onClose={() => setRecording(undefined)} />}
    </>
  );
}
