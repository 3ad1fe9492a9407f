/** The filters of a list under names of one's own. */
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconBookmark, IconDeviceFloppy, IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { deleteView, putView, useViews, type View, type ListName } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { useUndoable, usePending } from "@/design/undoable";
import { useTranslation } from "@/i18n";

interface SavedViewsProps {
  list: ListName;
  filter: object;
  onChoose: (filter: Record<string, unknown>) => void;
}

export function SavedViews({ list, filter, onChoose }: SavedViewsProps) {
  const { t } = useTranslation();
  const [isSaving, setSaving] = useState(false);
  const isPending = usePending("view");
  const all = (useViews().data ?? []).filter(({ name }) => !isPending(name));
  const views = all.filter((view) => view.list === list);
  const isFiltered = Object.values(filter).some((each) => each !== undefined);
  const remove = useRemove();
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t("views.title")} data-tip={t("views.title")}>
            <IconBookmark size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => onChoose(view.filter)}>
              {view.name}
            </Menu.Item>
          ))}
          {views.length === 0 && <Menu.Label>{t("views.none")}</Menu.Label>}
          <Menu.Divider />
          <Menu.Item
            disabled={!isFiltered}
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            onClick={() => setSaving(true)}
          >
            {t("views.save")}
          </Menu.Item>
          {views.map((view) => (
            <Menu.Item
              key={`-${view.name}`}
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => remove(view)}
            >
              {t("views.delete", { name: view.name })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {isSaving && (
        <SaveView list={list} filter={filter} taken={all} onClose={() => setSaving(false)} />
      )}
    </>
  );
}

function useRemove() {
  const { t } = useTranslation();
  const undoable = useUndoable();
  return ({ name }: View) =>
    undoable({
      kind: "view",
      id: name,
      message: t("views.deleted", { name }),
      run: () => deleteView(name),
      stale: ["views"],
    });
}

interface SaveViewProps {
  list: ListName;
  filter: object;
  taken: View[];
  onClose: () => void;
}

function SaveView({ list, filter, taken, onClose }: SaveViewProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  const known = taken.find((view) => view.name === name);
  // A name is one view's, whatever list it is of: saving would take it away there.
  const elsewhere = known && known.list !== list ? known.list : undefined;
  const isSound = name !== "" && elsewhere === undefined;
  const save = useAction({
    run: () => putView(name, { list, filter: wordsOf(filter) }),
    stale: () => ["views"],
    done: () => t("views.saved", { name }),
    onDone: onClose,
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isSound) save.mutate();
  }

  return (
    <Dialog title={t("views.save")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t("views.name")}
          description={t(known && !elsewhere ? "views.replaces" : "views.nameHint")}
          error={elsewhere && t(`views.elsewhere.${elsewhere}`)}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          maxLength={64}
        />
        {save.error && <ErrorPanel error={save.error} inline />}
        <div className={forms.buttons}>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" variant="filled" disabled={!isSound} loading={save.isPending}>
            {t("views.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wordsOf(filter: object): Record<string, string> {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
