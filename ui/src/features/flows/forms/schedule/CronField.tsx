/** A cron pattern with its meaning in words, and the usual ones to begin with. */
import { Menu, Button, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";
import { useCronWords } from "./cronWords";

const USUAL = [
  "*/15 * * * *",
  "0 * * * *",
  "0 2 * * *",
  "0 9 * * 1-5",
  "0 8 * * 1",
  "0 6 1 * *",
] as const;

export function CronField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const words = useCronWords();
  const cron = text(slot.fields.cron);
  const said = words(cron);
  const { isReadOnly } = slot.context;
  return (
    <div>
      <TextInput
        className={classes.mono}
        label={t("schedule.cron")}
        description={t("schedule.cronHint")}
        value={cron}
        error={slot.error("cron")}
        readOnly={isReadOnly}
        onChange={({ currentTarget: { value } }) => slot.set("cron", value)}
        rightSectionWidth={124}
        rightSection={
          !isReadOnly && (
            <Menu>
              <Menu.Target>
                <Button
                  variant="subtle"
                  size="compact-xs"
                  rightSection={<IconChevronDown size={14} aria-hidden />}
                  aria-label={t("schedule.chooseUsual")}
                >
                  {t("schedule.usual")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {USUAL.map((pattern) => (
                  <Menu.Item key={pattern} onClick={() => slot.set("cron", pattern)}>
                    {words(pattern)} <span className="mono faint">{pattern}</span>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )
        }
        spellCheck={false}
        autoComplete="off"
      />
      <p className={classes.hint} style={{ marginTop: 4 }} role="status">
        {cron === "" ? "" : (said ?? t("schedule.noWords"))}
      </p>
    </div>
  );
}
