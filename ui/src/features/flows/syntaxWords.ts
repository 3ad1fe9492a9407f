/** What is wrong with a JSON text and where, in words; null if nothing is, or it is empty. */
import { longNumbers } from "@/api/longNumbers";
import { useTranslation } from "@/i18n";
import { placeAt, readPlaces } from "./jsonPlaces";

export function useSyntaxWords(): (text: string) => string | null {
  const { t } = useTranslation("flows");
  return (text) => {
    if (text.trim() === "") return null;
    const read = readPlaces(text);
    if (read.ok) return null;
    const { line, column } = placeAt(text, read.offset);
    return t("import.syntax", { line, column, message: t(`syntax.${read.mistake}`) });
  };
}

/** What is wrong with a JSON text that would be rounded where it is taken over; null if nothing is. */
export function useLongNumberWords(): (text: string) => string | null {
  const { t } = useTranslation("flows");
  return (text) => {
    const [number] = longNumbers(text);
    return number === undefined ? null : t("longNumber", { number });
  };
}
