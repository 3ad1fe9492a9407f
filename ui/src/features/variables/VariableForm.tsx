import { Button, NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { putVariable, useVariables, type Variable } from "@/api";
import { ErrorPanel, useAction, Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { useSyntaxWords } from "@/features/flows/syntaxWords";
import { isName, NameInput } from "@/features/lists/NameInput";
import { useTranslation } from "@/i18n";

type ValueType = "text" | "json";

/** No name of a set: it has signs that names cannot have. */
const NEW_SET = "+";

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
  const [set, setSet] = useState(variable?.set ?? "");
  const taken = known.filter((each) => (each.set ?? "") === set).map((each) => each.name);
  const nameFits = isName(name);
  const mistake = type === "json" ? syntax(value) : null;
  const ready =
    nameFits &&
    (set === "" || isName(set)) &&
    mistake === null &&
    (type === "text" || value.trim() !== "");
  const save = useAction({
    run: () =>
      putVariable(
        name,
        set === "" ? null : set,
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
          ? t("workspace:variables.form.editTitle", {
              name: variable.set ? `${name} (${variable.set})` : name,
            })
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
        {!variable && <SetInput value={set} onChange={setSet} />}
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

/** Where the value holds: everywhere, or in one set, which begins with its first variable. */
function SetInput({ value, onChange }: { value: string; onChange: (set: string) => void }) {
  const { t } = useTranslation("workspace");
  const sets = useVariables().data?.sets ?? [];
  const [isNew, setNew] = useState(false);
  return (
    <>
      <NativeSelect
        label={t("variables.form.set")}
        description={t("variables.form.setHint")}
        data={[
          { value: "", label: t("variables.form.everySet") },
          ...sets.map((set) => ({ value: set, label: set })),
          { value: NEW_SET, label: t("variables.form.newSet") },
        ]}
        value={isNew ? NEW_SET : value}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          setNew(chosen === NEW_SET);
          onChange(chosen === NEW_SET ? "" : chosen);
        }}
      />
      {isNew && (
        <NameInput
          value={value}
          onChange={onChange}
          label={t("variables.form.setName")}
          hint={t("variables.form.setNameHint")}
          bad={t("variables.form.nameBad")}
          taken={sets}
          takenHint={t("variables.form.setTaken")}
        />
      )}
    </>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
