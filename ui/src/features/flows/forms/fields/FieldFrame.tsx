/** The words around a field whose text box is an editor: label, description, what is wrong. */
import { Input } from "@mantine/core";
import type { ReactNode } from "react";
import { Prose } from "@/design";
import own from "./Fields.module.css";

interface FieldFrameProps {
  /** The label's id is this with `-label`, that of description and error with `-more`. */
  id: string;
  label: string;
  isLabelHidden?: boolean | undefined;
  description?: ReactNode;
  error?: ReactNode;
  /** Beside the label, such as a button. */
  aside?: ReactNode;
  onLabelClick?: () => void;
  children: ReactNode;
}

export function FieldFrame(props: FieldFrameProps) {
  const { id, label, isLabelHidden, description, error, aside, onLabelClick, children } = props;
  return (
    <div>
      {isLabelHidden ? (
        <span className="sr-only" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <div className={own.labelRow}>
          <Input.Label labelElement="div" id={`${id}-label`} onClick={onLabelClick}>
            {label}
          </Input.Label>
          {aside}
        </div>
      )}
      <div id={`${id}-more`}>
        {description && <Input.Description mb={4}>{description}</Input.Description>}
      </div>
      {children}
      {error && (
        <Input.Error mt={4} role="alert">
          {typeof error === "string" ? <Prose text={error} /> : error}
        </Input.Error>
      )}
    </div>
  );
}
