import { Button, NativeSelect } from "@mantine/core";
import { IconBraces, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { activateVariableSet, deleteVariable, useVariables, type Variable } from "@/api";
import { IconAction, RelativeTime, ScrollBox, SimpleTable, useAction } from "@/design";
import table from "@/design/SimpleTable.module.css";
import { usePending, useUndoable } from "@/design/undoable";
import { CollectionPage } from "@/features/lists/CollectionPage";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { VariableForm } from "./VariableForm";
import classes from "./Variables.module.css";

interface Dialog {
  form: Variable | null;
}

export function VariablesPage() {
  const { t } = useTranslation("workspace");
  const [dialog, setDialog] = useState<Dialog>();
  const add = () => setDialog({ form: null });
  const close = () => setDialog(undefined);
  useCommands([{ id: "variables.add", label: t("variables.add"), Icon: IconBraces, run: add }]);
  return (
    <>
      <CollectionPage
        title={t("variables.title")}
        query={useVariables()}
        action={
          <Button variant="filled" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {t("variables.add")}
          </Button>
        }
        empty={{
          Icon: IconBraces,
          title: t("variables.empty.title"),
          text: t("variables.empty.text"),
        }}
      >
        {(variables) => (
          <ScrollBox label={t("variables.list")}>
            <ActiveSet />
            <VariablesTable variables={variables} onChoose={setDialog} />
          </ScrollBox>
        )}
      </CollectionPage>
      {dialog && <VariableForm variable={dialog.form} onClose={close} />}
    </>
  );
}

/** The set whose values win; nothing while there are no sets. */
function ActiveSet() {
  const { t } = useTranslation("workspace");
  const { data } = useVariables();
  const activate = useAction({
    run: (set: string | null) => activateVariableSet(set),
    stale: () => ["variables"],
    done: (set) =>
      set === null ? t("variables.active.doneNone") : t("variables.active.done", { set }),
  });
  if (!data || data.sets.length === 0) return null;
  const active = activate.isPending ? activate.variables : data.active_set;
  return (
    <div className={classes.active}>
      <NativeSelect
        label={t("variables.active.label")}
        aria-describedby="active-set"
        data={[
          { value: "", label: t("variables.active.none") },
          ...data.sets.map((set) => ({ value: set, label: set })),
        ]}
        value={active ?? ""}
        onChange={(event) => activate.mutate(event.currentTarget.value || null)}
      />
      <p className="faint" id="active-set">
        {t("variables.active.hint")}
      </p>
    </div>
  );
}

interface VariablesTableProps {
  variables: Variable[];
  onChoose: (dialog: Dialog) => void;
}

function VariablesTable({ variables, onChoose }: VariablesTableProps) {
  const { t } = useTranslation(["workspace", "common"]);
  const isPending = usePending("variable");
  const remove = useRemove();
  const shown = variables.filter((variable) => !isPending(keyOf(variable)));
  return (
    <SimpleTable
      label={t("workspace:variables.list")}
      headers={[
        t("workspace:variables.name"),
        t("workspace:variables.set"),
        t("workspace:variables.value"),
        t("workspace:variables.updated"),
      ]}
      actionsHeader={t("common:action.actions")}
      rows={shown.map((variable) => ({
        key: keyOf(variable),
        cells: [
          <span key="name" className={`mono ${table.long}`} title={variable.name}>
            {variable.name}
          </span>,
          <span key="set" className={`${variable.set ? "mono" : "muted"} ${table.brief}`}>
            {variable.set ?? t("workspace:variables.everySet")}
          </span>,
          <span key="value" className={`mono ${table.long}`} title={wordsOf(variable)} dir="auto">
            {wordsOf(variable)}
          </span>,
          <span key="updated" className={`muted ${table.brief}`}>
            <RelativeTime at={variable.updated_at} />
          </span>,
        ],
        actions: (
          <>
            <Button
              aria-label={t("workspace:variables.editNamed", { name: named(variable) })}
              onClick={() => onChoose({ form: variable })}
            >
              {t("workspace:variables.edit")}
            </Button>
            <IconAction
              Icon={IconTrash}
              label={t("workspace:variables.deleteNamed", { name: named(variable) })}
              onClick={() => remove(variable)}
            />
          </>
        ),
      }))}
    />
  );
}

const wordsOf = ({ value }: Variable) =>
  typeof value === "string" ? value : JSON.stringify(value);

/** `shop_url`, or `shop_url (staging)`. */
function named({ name, set }: Variable): string {
  return set ? `${name} (${set})` : name;
}

function useRemove() {
  const { t } = useTranslation("workspace");
  const undoable = useUndoable();
  return (variable: Variable) => {
    const { name, set } = variable;
    undoable({
      kind: "variable",
      id: keyOf(variable),
      message: t("variables.deleted", { name: named(variable) }),
      run: () => deleteVariable(name, set ?? null),
      stale: ["variables", "status"],
    });
  };
}

const keyOf = ({ name, set }: Variable) => `${set ?? ""}/${name}`;
