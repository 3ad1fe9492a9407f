/** What a webhook task looks at: the job, or some of the flow's outputs. */
import { Checkbox, NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { isFields, partsOf, texts } from "../../document";
import classes from "../common/Common.module.css";
import type { Slot } from "../common/slot";

export function ObjectField({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const { object } = slot.fields;
  const chosen = isFields(object) ? texts(object.outputs) : null;
  const known = partsOf(slot.context.document).outputs.map(({ name }) => name);
  const offered = [...new Set([...known, ...(chosen ?? [])])].filter((name) => name !== "");
  const { isReadOnly } = slot.context;
  const error = slot.error("object") ?? slot.inner("object").error("outputs");
  return (
    <>
      <NativeSelect
        label={t("task.object")}
        data={[
          { value: "any_job", label: t("task.anyJob") },
          {
            value: "outputs",
            label: t("task.outputs"),
            disabled: chosen === null && known.length === 0,
          },
        ]}
        value={chosen === null ? "any_job" : "outputs"}
        description={known.length === 0 ? t("task.noOutputs") : undefined}
        disabled={isReadOnly}
        error={chosen === null ? error : undefined}
        onChange={({ currentTarget: { value } }) =>
          slot.set("object", value === "outputs" ? { outputs: known.slice(0, 1) } : undefined)
        }
      />
      {chosen !== null && (
        <Checkbox.Group
          label={t("task.whichOutputs")}
          description={t("task.outputsHint")}
          value={chosen}
          error={error}
          onChange={(outputs) => {
            // One at least stays: without any the task would look at nothing.
            if (outputs.length > 0) slot.set("object", { outputs });
          }}
        >
          <div className={classes.checks}>
            {offered.map((name) => (
              <Checkbox key={name} size="xs" value={name} label={name} disabled={isReadOnly} />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}
