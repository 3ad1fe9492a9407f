/** Brings in a flow document, from a file or pasted, with every problem listed at its place. */
import { Button, Checkbox, FileButton, Textarea } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState, type FormEvent } from "react";
import { ApiError, importFlow, useFlows } from "@/api";
import { Dialog, ErrorPanel, formatBytes, Notice, notify, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { useDraftProblems } from "../draftProblems";
import { nearestOffset, placeAt } from "../jsonPlaces";
import { ImportProblems } from "./ImportProblems";

const FILE_MAX_BYTES = 5_000_000;

interface ImportModalProps {
  /** A document to begin with; it is offered to be published at once. */
  initial?: string;
  onClose: () => void;
}

export default function ImportModal({ initial, onClose }: ImportModalProps) {
  const { t } = useTranslation(["flows", "common"]);
  const resetFile = useRef<() => void>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(initial ?? "");
  const [publish, setPublish] = useState(initial !== undefined);
  const [fileError, setFileError] = useState<string>();
  const draft = useDraftProblems(text);
  const doImport = useImport(onClose);
  const replaced = useReplaced(draft.readable ? text : "");
  const refused = doImport.error instanceof ApiError ? doImport.error.problems : [];
  const problems = refused.length > 0 ? refused : draft.problems;

  function change(next: string) {
    setText(next);
    setFileError(undefined);
    doImport.reset();
  }

  async function readFile(file: File | null) {
    if (!file) return;
    resetFile.current?.();
    const [size, max] = [formatBytes(file.size), formatBytes(FILE_MAX_BYTES)];
    if (file.size > FILE_MAX_BYTES) {
      return setFileError(t("flows:import.fileTooLarge", { size, max }));
    }
    // Letters that are no UTF-8 would be replaced in silence.
    const read = async () =>
      new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    await read().then(change, () => setFileError(t("flows:import.fileUnread")));
  }

  function goTo(pointer: string) {
    if (draft.places) selectLine(area.current, text, nearestOffset(draft.places, pointer));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (draft.readable) doImport.mutate({ document: text, publish });
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("flows:import.title")}
      width={760}
      height={700}
      unsaved={text.trim() !== "" && text !== initial}
    >
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{t("flows:import.text")}</p>
        <Textarea
          data-autofocus
          ref={area}
          label={t("flows:import.document")}
          classNames={{ input: `mono ${classes.document}` }}
          rows={14}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          error={fileError ?? draft.mistake}
          spellCheck={false}
        />
        <ImportProblems
          problems={problems}
          checking={draft.checking}
          checked={draft.checked}
          lineOf={(place) =>
            draft.places ? placeAt(text, nearestOffset(draft.places, place)).line : undefined
          }
          onGo={goTo}
        />
        {replaced !== undefined && (
          <Notice live>{t("flows:import.replaces", { name: replaced })}</Notice>
        )}
        {doImport.error && <ErrorPanel error={doImport.error} inline />}
        <div className={`${classes.between} ${classes.bottom}`}>
          <FileButton
            resetRef={resetFile}
            accept=".json,application/json"
            onChange={(file) => void readFile(file)}
          >
            {(props) => (
              <Button {...props} leftSection={<IconFile size={16} aria-hidden />}>
                {t("flows:import.chooseFile")}
              </Button>
            )}
          </FileButton>
          <Checkbox
            size="xs"
            label={t("flows:import.publish")}
            checked={publish}
            onChange={(event) => setPublish(event.currentTarget.checked)}
          />
          <div className={classes.buttons}>
            <Button onClick={onClose}>{t("common:action.cancel")}</Button>
            <Button
              type="submit"
              variant="filled"
              {...(replaced === undefined ? {} : { "data-danger": true })}
              loading={doImport.isPending}
              disabled={!draft.readable}
            >
              {t(replaced === undefined ? "flows:import.submit" : "flows:import.replace")}
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  );
}

function useImport(onClose: () => void) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  return useAction({
    run: ({ document, publish }: { document: string; publish: boolean }) =>
      importFlow(document, publish),
    stale: (_, { flow }) => ["flows", `flow:${flow.name}`, "status", "secrets"],
    done(_, { flow, created, published_version }) {
      const name = flow.title || flow.name;
      if (published_version !== null)
        return t("import.published", { name, version: published_version });
      return t(created ? "import.done" : "import.replaced", { name });
    },
    onDone({ flow, notes }) {
      if (notes.length > 0) {
        notify({ title: t("notes"), message: notes.join(" "), long: true });
      }
      onClose();
      void navigate({ to: "/flows/$name", params: { name: flow.name } });
    },
    quiet: true,
  });
}

/** The flow whose draft this document would take the place of. */
function useReplaced(document: string): string | undefined {
  const flows = useFlows().data?.items ?? [];
  const name = useMemo(() => nameIn(document), [document]);
  return flows.find((flow) => flow.name === name)?.name;
}

function nameIn(document: string): unknown {
  if (document === "") return undefined;
  return (JSON.parse(document) as { name?: unknown }).name;
}

/** Puts the cursor on the line and scrolls it into view; a text area does not do that by itself. */
function selectLine(area: HTMLTextAreaElement | null, text: string, offset: number) {
  if (!area) return;
  const end = text.indexOf("\n", offset);
  area.focus();
  area.setSelectionRange(offset, end < 0 ? text.length : end);
  const lineHeight = parseFloat(getComputedStyle(area).lineHeight) || 18;
  const { line } = placeAt(text, offset);
  area.scrollTop = Math.max(0, (line - 4) * lineHeight);
}
