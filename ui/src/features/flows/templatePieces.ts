/** Cuts a template into text and expressions, for showing only: what it means is Rust's business. */
export interface Piece {
  expression: boolean;
  text: string;
}

export function templatePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    if (match.index > end) pieces.push({ expression: false, text: text.slice(end, match.index) });
    pieces.push({ expression: true, text: (match[1] ?? "").trim() });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ expression: false, text: text.slice(end) });
  return pieces;
}
