/** While a secret is exchanged: the old one passes, too, until a moment. */
import { Button, TextInput } from "@mantine/core";
import { IconRotate, IconX } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../common/Common.module.css";
import { SecretField } from "../common/fields";
import type { Slot } from "../common/slot";
import { localMinute, momentOf } from "./moments";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export function PreviousFields({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const previous = slot.inner("previous");
  const { isReadOnly } = slot.context;
  const until = text(previous.fields.until);
  const secret = text(slot.fields.secret);
  if (slot.fields.previous === undefined) {
    if (secret === "" || isReadOnly) return null;
    return (
      <div className={classes.row}>
        <Button
          variant="subtle"
          leftSection={<IconRotate size={16} aria-hidden />}
          onClick={() =>
            slot.replace({
              ...slot.fields,
              previous: { secret, until: new Date(Date.now() + WEEK_MS).toISOString() },
            })
          }
        >
          {t("auth.exchange")}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.way} role="group" aria-label={t("auth.previous")}>
      <div className={classes.wayHead}>{t("auth.previous")}</div>
      <p className={classes.hint}>{t("auth.previousHint")}</p>
      <SecretField slot={previous} name="secret" label={t("auth.previousSecret")} />
      <TextInput
        type="datetime-local"
        label={t("auth.until")}
        value={localMinute(until)}
        error={previous.error("until")}
        readOnly={isReadOnly}
        onChange={({ currentTarget: { value } }) => previous.set("until", momentOf(value) ?? until)}
      />
      {!isReadOnly && (
        <div className={classes.row}>
          <Button
            leftSection={<IconX size={16} aria-hidden />}
            onClick={() => slot.set("previous", undefined)}
          >
            {t("auth.endExchange")}
          </Button>
        </div>
      )}
    </div>
  );
}
