/** Bytes as Base64, for the way between the window and the shell, where everything is text. */

/** Characters are made from so many bytes at once: a call has room for few arguments. */
const PIECE_BYTES = 0x8000;

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

export async function base64Of(content: Blob): Promise<string> {
  const bytes = new Uint8Array(await content.arrayBuffer());
  let letters = "";
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    letters += String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES));
  }
  return btoa(letters);
}
