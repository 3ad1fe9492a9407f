/** Parts on the system's clipboard, as JSON text: between windows, and to look at in any text editor. */
import { copyText, readClip, type Clip } from "../commands";
import type { Fields } from "../../document";

export function putOnClipboard(event: ClipboardEvent, document: Fields, ids: readonly string[]) {
  event.clipboardData?.setData("text/plain", copyText(document, ids));
  event.preventDefault();
}

export function clipOfEvent(event: ClipboardEvent): Clip | null {
  return readClip(event.clipboardData?.getData("text/plain") ?? "");
}

/** From a menu or the palette, where there is no clipboard event. Rejects where the browser does not allow it. */
export const writeClipboard = (document: Fields, ids: readonly string[]) =>
  navigator.clipboard.writeText(copyText(document, ids));

export async function readClipboard(): Promise<Clip | null> {
  return readClip(await navigator.clipboard.readText());
}
