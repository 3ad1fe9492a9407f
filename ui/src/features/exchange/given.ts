/** What somebody gave to import: a file or a text. Each gets a number, so that a long text is never compared. */
import { useState } from "react";
import { formatBytes } from "@/design";
import { useTranslation } from "@/i18n";

/** As the API has it. */
const TEXT_MAX_BYTES = 32 * 1024 * 1024;
/** A longer text is not shown in a field, which would make typing slow. */
export const SHOWN_MAX_CHARS = 100_000;

export interface Given {
  id: number;
  name: string;
  text: string;
}

export function useGiven() {
  const { t } = useTranslation("exchange");
  const [given, setGiven] = useState<Given>({ id: 0, name: "", text: "" });
  const [mistake, setMistake] = useState<string>();

  function give(name: string, text: string) {
    setMistake(undefined);
    setGiven(({ id }) => ({ id: id + 1, name, text }));
  }

  async function readFile(file: File | null) {
    if (!file) return;
    const [size, max] = [formatBytes(file.size), formatBytes(TEXT_MAX_BYTES)];
    if (file.size > TEXT_MAX_BYTES) return setMistake(t("dialog.tooLarge", { size, max }));
    // Letters that are no UTF-8 would be replaced in silence.
    const read = async () =>
      new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    await read().then(
      (text) => give(file.name, text),
      () => setMistake(t("dialog.unread")),
    );
  }

  return { given, mistake, give, readFile };
}
