/** Code, to edit, with the numbers that errors name lines by. */
import { lazy, Suspense, useId, useRef, type ReactNode } from "react";
import type { CodeEditorHandle, LineMark } from "../code/CodeEditor";
import type { ScriptNames } from "../code/scriptCompletion";
import classes from "../Forms.module.css";
import type { FormContext } from "../types";
import { FieldFrame } from "./FieldFrame";

const CodeEditor = lazy(() => import("../code/CodeEditor"));

export interface CodeFieldProps {
  label: string;
  description?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  context: FormContext;
  error?: string | undefined;
  language?: "javascript" | "plain";
  /** What is completed in a script. */
  names?: ScriptNames;
  /** Lines that are wrong. */
  lineMarks?: LineMark[];
  /** Beside the label, such as a button. */
  aside?: ReactNode;
}

export function CodeField(props: CodeFieldProps) {
  const { label, description, value, onChange, context, error, aside } = props;
  const { language = "plain", names, lineMarks = [] } = props;
  const id = useId();
  const editor = useRef<CodeEditorHandle>(null);
  const isWrong = Boolean(error) || lineMarks.length > 0;
  return (
    <FieldFrame
      id={id}
      label={label}
      description={description}
      error={error}
      aside={aside}
      onLabelClick={() => editor.current?.focus()}
    >
      <div
        className={classes.editor}
        data-tall
        data-wrong={isWrong || undefined}
        data-readonly={context.isReadOnly || undefined}
      >
        <Suspense fallback={<div className={classes.waiting}>{value}</div>}>
          <CodeEditor
            value={value}
            onChange={onChange}
            isReadOnly={context.isReadOnly}
            isScript={language === "javascript"}
            names={names}
            lineMarks={lineMarks}
            handle={editor}
            attributes={{
              "aria-labelledby": `${id}-label`,
              "aria-describedby": `${id}-more`,
              ...(isWrong ? { "aria-invalid": "true" } : {}),
            }}
          />
        </Suspense>
      </div>
    </FieldFrame>
  );
}
