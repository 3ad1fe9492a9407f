/**
 * A form that has the name among its fields. The name is taken over when the field is left, not with each letter, and
 * only if the part can have it: until then it is shown here with what is wrong.
 */
import { useState } from "react";
import type { Problem } from "@/api";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { nameMistake, type PartKind } from "../../editor/commands";
import { PartForm } from "../PartForm";
import type { PartFormProps } from "../types";

interface NamedFormProps extends PartFormProps {
  kind: PartKind;
  onRename: (name: string) => void;
}

export function NamedForm({ kind, onRename, ...props }: NamedFormProps) {
  const { fields, onChange, problems, context } = props;
  const { t } = useTranslation("editor");
  const [typed, setTyped] = useState<string>();
  const name = text(fields.name);
  const mistake = typed === undefined ? null : nameMistake(context.document, kind, typed, name);
  const told: Problem[] = mistake
    ? [
        {
          severity: "error",
          code: "name",
          place: `${context.place}/name`,
          message: t(`name.${mistake}`),
          hint: null,
        },
      ]
    : [];

  function take() {
    if (typed !== undefined && mistake === null && typed !== name) onRename(typed);
    setTyped(undefined);
  }

  return (
    <div onBlur={take} onKeyDown={(event) => event.key === "Enter" && take()}>
      <PartForm
        {...props}
        kind={kind}
        fields={typed === undefined ? fields : { ...fields, name: typed }}
        problems={[...told, ...problems]}
        onChange={(change) => {
          const next = text(change.fields.name);
          if (next !== (typed ?? name)) setTyped(next);
          else onChange({ ...change, fields: { ...change.fields, name: fields.name } });
        }}
      />
    </div>
  );
}
