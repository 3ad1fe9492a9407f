/** On which exit codes an edge is taken: those that the step is known to have, any, or names of one's own. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import type { Fields } from "../../document";
import { knownCodes } from "../commands";

interface CodesFieldProps {
  /** The step that ends with them. */
  step: Fields;
  value: string[];
  onChange: (codes: string[]) => void;
  isReadOnly?: boolean;
}

const ANY = "*";

export function CodesField({ step, value, onChange, isReadOnly = false }: CodesFieldProps) {
  const { t } = useTranslation("editor");
  const [own, setOwn] = useState("");
  const codes = [...new Set([...knownCodes(step), ...value.filter((code) => code !== ANY)])];
  const isAny = value.includes(ANY);

  function addOwn() {
    const code = own.trim();
    if (code === "") return;
    onChange([...new Set([...value.filter((each) => each !== ANY), code])]);
    setOwn("");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || own.trim() === "") return;
    event.preventDefault();
    addOwn();
  }

  return (
    <>
      <Checkbox.Group
        label={t("codes.label")}
        description={t("codes.hint")}
        value={isAny ? [ANY] : value}
        onChange={(next) => onChange(next.includes(ANY) && !isAny ? [ANY] : next)}
      >
        {codes.map((code) => (
          <Checkbox
            key={code}
            size="xs"
            mt={6}
            value={code}
            label={code}
            disabled={isAny || isReadOnly}
          />
        ))}
        <Checkbox size="xs" mt={6} value={ANY} label={t("codes.any")} disabled={isReadOnly} />
      </Checkbox.Group>
      {!isReadOnly && (
        <div className={form.between} style={{ alignItems: "flex-end" }}>
          <TextInput
            label={t("codes.own")}
            value={own}
            onChange={(event) => setOwn(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            style={{ flex: 1 }}
            autoComplete="off"
            spellCheck={false}
          />
          <Button disabled={own.trim() === ""} onClick={addOwn}>
            {t("codes.addOwn")}
          </Button>
        </div>
      )}
    </>
  );
}
