/** What the first page does not need, but the next key or click may: fetched once the first page stands. */
import { loadNoticeBox } from "@/design/NoticeLayer";
import { loadAllTexts } from "@/i18n";
import { loadPalette } from "./Frame";

const AFTER_MS = 500;

export function fetchSoon(): () => void {
  const timer = setTimeout(() => {
    // What does not come now is asked for again, and its failure shown, when it is needed.
    for (const load of [loadAllTexts, loadPalette, loadNoticeBox])
      void load().catch(() => undefined);
  }, AFTER_MS);
  return () => clearTimeout(timer);
}
