/** A text with `{{ expressions }}`, to edit: names are completed, and what it gives is shown as one types. */
import { ActionIcon } from "@mantine/core";
import { useFocusWithin } from "@mantine/hooks";
import { IconBraces } from "@tabler/icons-react";
import { lazy, Suspense, useId, useMemo, useRef } from "react";
import { useTranslation } from "@/i18n";
import type { TemplateEditorHandle } from "./code/TemplateEditor";
import { exactPlace, isOnlyWithoutJob } from "./code/mistake";
import { usePreview } from "./code/usePreview";
import { FieldFrame } from "./fields/FieldFrame";
import classes from "./Forms.module.css";
import { TemplateResult } from "./TemplateResult";
import type { FormContext, TemplatePlace } from "./types";

const TemplateEditor = lazy(() => import("./code/TemplateEditor"));

export interface TemplateFieldProps {
  label: string;
  description?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  place: TemplatePlace;
  context: FormContext;
  /** What is wrong with it, in words. */
  error?: string | undefined;
  /** More than one line. */
  isLong?: boolean;
  /** Its label is only read aloud, and its result shown only while one types: for the cells of a table. */
  isCell?: boolean;
}

export function TemplateField(props: TemplateFieldProps) {
  const { label, description, value, onChange, place, context, error, isLong, isCell } = props;
  const { t } = useTranslation("forms");
  const id = useId();
  const editor = useRef<TemplateEditorHandle>(null);
  const { ref: around, focused } = useFocusWithin();
  const isWanted = !isCell || focused;
  const shown = usePreview({ text: value, kind: place, context, isWanted });
  const mistake = shown?.of === value ? shown.preview.error : null;
  const wrong =
    mistake && isOnlyWithoutJob(mistake, shown?.preview.job_id ?? null) ? null : mistake;
  const mark = useMemo(
    () => wrong && { ...exactPlace(value, wrong), message: wrong.message },
    [value, wrong],
  );
  const isWrong = Boolean(error) || wrong !== null;
  const overOthers = shown ? classes.over : undefined;
  // What it gives comes a moment later: its line is kept free, so that nothing below moves then.
  const keptFree = value.includes("{{") ? classes.room : undefined;
  return (
    <FieldFrame
      id={id}
      label={label}
      isLabelHidden={isCell}
      description={description}
      error={error}
      onLabelClick={() => editor.current?.focus()}
    >
      <div ref={around} className={classes.around}>
        <div
          className={classes.editor}
          data-long={isLong || undefined}
          data-cell={isCell || undefined}
          data-wrong={isWrong || undefined}
          data-readonly={context.isReadOnly || undefined}
        >
          <Suspense fallback={<Waiting value={value} />}>
            <TemplateEditor
              value={value}
              onChange={onChange}
              context={context}
              isLong={(isLong ?? false) || value.includes("\n")}
              isJson={place === "json"}
              mark={mark}
              handle={editor}
              attributes={{
                "aria-labelledby": `${id}-label`,
                "aria-describedby": `${id}-more ${id}-result`,
                ...(isWrong ? { "aria-invalid": "true" } : {}),
              }}
            />
          </Suspense>
          {!context.isReadOnly && (
            <ActionIcon
              className={classes.offer}
              size={22}
              // Keys have Ctrl+Space for it: one stop per field is enough.
              tabIndex={-1}
              aria-label={t("template.insert")}
              aria-describedby={`${id}-label`}
              data-tip={t("template.insertTip")}
              onClick={() => editor.current?.offerNames()}
            >
              <IconBraces size={14} aria-hidden />
            </ActionIcon>
          )}
        </div>
        <div id={`${id}-result`} aria-live="polite" className={isCell ? overOthers : keptFree}>
          {shown && (
            <TemplateResult
              shown={shown}
              isLong={isLong ?? false}
              isOneLine={!isCell}
              isSame={shown.of === value}
              onFix={(fixed) => onChange(fixed)}
            />
          )}
        </div>
      </div>
    </FieldFrame>
  );
}

function Waiting({ value }: { value: string }) {
  return <div className={classes.waiting}>{value}</div>;
}
