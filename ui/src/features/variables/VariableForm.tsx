import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { putVariable, useVariables, type Variable } from "@/api";
import { ErrorPanel, useAction, Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { useSyntaxWords } from "@/features/flows/syntaxWords";
import { isName, NameInput } from "@/features/lists/NameInput";
import { useTranslation } from "@/i18n";

type ValueType = "text" | "json";

interface VariableFormProps {
  /** Null: a new one, whose name is asked for. */
  variable: Variable | null;
  onClose: () => void;
}

export function VariableForm({ variable, onClose }: VariableFormProps) {
  const { t } = useTranslation(["workspace", "common"]);
  const isText = variable === null || typeof variable.value === "string";
  const [name, setName] = useState(variable?.name ?? "");
  const [type, setType] = useState<ValueType>(isText ? "text" : "json");
  const [value, setValue] = useState(variable ? written(variable.value) : "");
  const isChanged = variable ? value !== written(variable.value) : (name + value).trim() !== "";
  const syntax = useSyntaxWords();
  const known = useVariables().data?.items ?? [];
  const taken = known.filter((each) => !each.set).map((each) => each.name);
  const nameFits = isName(name);
  const mistake = type === "json" ? syntax(value) : null;
  const ready = nameFits && mistake === null && (type === "text" || value.trim() !== "");
  const save = useAction({
    run: () =>
      putVariable(
        name,
        variable?.set ?? null,
        type === "text" ? value : (JSON.parse(value) as unknown),
      ),
    stale: () => ["variables", "status"],
    done: () => t("workspace:variables.form.done", { name }),
    onDone: onClose,
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) save.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      unsaved={isChanged}
      title={
        variable
          ? t("workspace:variables.form.editTitle", { name })
          : t("workspace:variables.form.addTitle")
      }
    >
      <form className={classes.form} onSubmit={submit}>
        {!variable && (
          <NameInput
            value={name}
            onChange={setName}
            label={t("workspace:variables.form.name")}
            hint={t("workspace:variables.form.nameHint")}
            bad={t("workspace:variables.form.nameBad")}
            taken={taken}
            takenHint={t("workspace:variables.form.taken")}
          />
        )}
        <SegmentedControl
          aria-label={t("workspace:variables.form.type")}
          data={[
            { value: "text", label: t("workspace:variables.form.text") },
            { value: "json", label: t("workspace:variables.form.json") },
          ]}
          value={type}
          onChange={(next) => setType(next as ValueType)}
        />
        <Textarea
          label={t("workspace:variables.form.value")}
          data-autofocus={variable !== null || undefined}
          classNames={{ input: "mono" }}
          rows={4}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          error={mistake}
          spellCheck={false}
        />
        {save.error && <ErrorPanel error={save.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={!ready}>
            {t("workspace:variables.form.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
