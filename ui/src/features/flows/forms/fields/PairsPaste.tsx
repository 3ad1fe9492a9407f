/** A box for many lines of names and values at once. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import own from "./Fields.module.css";
import { parsePairs } from "./pairs";

interface PairsPasteProps {
  label: string;
  onPaste: (pairs: [string, unknown][]) => void;
  onClose: () => void;
}

export function PairsPaste({ label, onPaste, onClose }: PairsPasteProps) {
  const { t } = useTranslation(["forms", "common"]);
  const [text, setText] = useState("");
  const pairs = parsePairs(text);
  return (
    <div className={own.paste}>
      <Textarea
        autoFocus
        label={t("forms:pairs.lines", { label })}
        description={t("forms:pairs.linesHint")}
        classNames={{ input: "mono" }}
        rows={5}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        spellCheck={false}
      />
      <div>
        <Button onClick={onClose}>{t("common:action.cancel")}</Button>
        <Button variant="filled" disabled={pairs.length === 0} onClick={() => onPaste(pairs)}>
          {t("forms:pairs.fill", { count: pairs.length })}
        </Button>
      </div>
    </div>
  );
}
