/** The settings of an endpoint: what most people need first, the rest folded with what holds now. */
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../common/Common.module.css";
import { ChecksField, ChoiceField, TextField } from "../common/fields";
import { slotOf, type Slot } from "../common/slot";
import type { PartFormProps } from "../types";
import { AuthFields } from "./AuthFields";
import { EndpointFolds } from "./EndpointFolds";
import { METHODS, MODES } from "./endpoint";

export function EndpointForm(props: PartFormProps) {
  const { t } = useTranslation("ways");
  const slot = slotOf(props);
  const name = text(props.fields.name);
  return (
    <div className={classes.form}>
      <ChecksField
        slot={slot}
        name="methods"
        label={t("endpoint.methods")}
        options={METHODS}
        usual={["POST"]}
      />
      <ModeField slot={slot} />
      <PathField slot={slot} />
      <h3 className={classes.head}>{t("auth.title")}</h3>
      <AuthFields slot={slot.inner("auth")} endpoint={name} />
      <h3 className={classes.head}>{t("endpoint.memory")}</h3>
      <p className={classes.hint}>{t("endpoint.memoryHint")}</p>
      <div className={classes.pair}>
        <TextField slot={slot} name="body_memory" label={t("endpoint.body_memory")} isMono />
        <TextField slot={slot} name="header_memory" label={t("endpoint.header_memory")} isMono />
        <TextField slot={slot} name="query_memory" label={t("endpoint.query_memory")} isMono />
      </div>
      <EndpointFolds slot={slot} problems={props.problems} />
    </div>
  );
}

function ModeField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const mode = MODES.find((each) => each === slot.fields.mode) ?? "async";
  return (
    <ChoiceField
      slot={slot}
      name="mode"
      label={t("endpoint.mode")}
      description={t(`endpoint.modeHint.${mode}`)}
      options={MODES.map((value) => ({ value, label: t(`endpoint.modes.${value}`) }))}
      usual="async"
    />
  );
}

function PathField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const names = [...text(slot.fields.path).matchAll(/\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name);
  return (
    <TextField
      slot={slot}
      name="path"
      label={t("endpoint.path")}
      description={
        names.length === 0
          ? t("endpoint.pathHint")
          : t("endpoint.pathReads", {
              names: names.map((each) => `{{trigger.path.${each}}}`).join(", "),
            })
      }
      placeholder="/in/orders/{orderId}"
      isMono
    />
  );
}
