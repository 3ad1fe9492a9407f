/** Parts on the system's clipboard, as JSON text: between windows, and to look at in any text editor. */
import { useTranslation } from "@/i18n";
import { useSyntaxWords } from "../../syntaxWords";
import { copyText } from "../commands";
import type { Fields } from "../../document";

export function putOnClipboard(event: ClipboardEvent, document: Fields, ids: readonly string[]) {
  event.clipboardData?.setData("text/plain", copyText(document, ids));
  event.preventDefault();
}

export const textOfEvent = (event: ClipboardEvent): string =>
  event.clipboardData?.getData("text/plain") ?? "";

/** From a menu or the palette, where there is no clipboard event. Rejects where the browser does not allow it. */
export const writeClipboard = (document: Fields, ids: readonly string[]) =>
  navigator.clipboard.writeText(copyText(document, ids));

export const readClipboard = () => navigator.clipboard.readText();

/** Why a text from the clipboard holds no parts, in words. */
export function useWhyNoClip(): (text: string) => string {
  const { t } = useTranslation("editor");
  const syntax = useSyntaxWords();
  return (text) => {
    // Other texts are no broken JSON: somebody copied something else.
    if (!/^\s*[{[]/.test(text)) return t("clipboard.nothing");
    const mistake = syntax(text);
    return mistake === null ? t("clipboard.foreign") : t("clipboard.broken", { mistake });
  };
}
