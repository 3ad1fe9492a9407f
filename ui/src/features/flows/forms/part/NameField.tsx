/** The name of a part. It is taken over when it is whole: while it is typed, references must not follow each letter. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import { nameMistake, type PartKind } from "../../editor/commands";
import type { Fields } from "../../document";

interface NameFieldProps {
  document: Fields;
  kind: PartKind;
  name: string;
  onRename: (name: string) => void;
  isReadOnly: boolean;
}

export function NameField({ document, kind, name, onRename, isReadOnly }: NameFieldProps) {
  const { t } = useTranslation("editor");
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? name;
  const mistake = typed === undefined ? null : nameMistake(document, kind, shown, name);

  function take() {
    if (typed !== undefined && mistake === null && typed !== name) onRename(typed);
    setTyped(undefined);
  }

  return (
    <TextInput
      label={t("form.name")}
      value={shown}
      readOnly={isReadOnly}
      error={mistake ? t(`name.${mistake}`) : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
        if (event.key === "Escape") setTyped(undefined);
      }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
