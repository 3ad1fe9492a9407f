/** A size: bytes in the document, `10 MiB` on the screen. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import { bytesText, parseBytes } from "./bytes";
import type { KeyFieldProps } from "./fields";

interface BytesFieldProps extends KeyFieldProps {
  usual: number;
  most: number;
}

export function BytesField({ slot, name, label, description, usual, most }: BytesFieldProps) {
  const { t } = useTranslation("ways");
  const [typed, setTyped] = useState<string | null>(null);
  const set = slot.fields[name];
  const kept = set === undefined ? "" : typeof set === "number" ? bytesText(set) : String(set);
  const text = typed ?? kept;
  const mistake = mistakeIn(text);

  function mistakeIn(entered: string): string | undefined {
    if (entered.trim() === "") return undefined;
    const bytes = parseBytes(entered);
    if (bytes === null || bytes < 1) return t("form.bytes.bad");
    return bytes > most ? t("form.bytes.most", { size: bytesText(most) }) : undefined;
  }

  return (
    <TextInput
      label={label}
      description={description}
      placeholder={bytesText(usual)}
      value={text}
      error={mistake ?? slot.error(name)}
      readOnly={slot.context.isReadOnly}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        if (value.trim() === "") slot.set(name, undefined);
        else if (mistakeIn(value) === undefined) slot.set(name, parseBytes(value) ?? undefined);
      }}
      onBlur={() => !mistake && setTyped(null)}
      autoComplete="off"
    />
  );
}
