import { Fragment } from "react";

/**
 * A sentence from Hookloom. It may be a part of a longer one elsewhere, so it gets its capital
 * here; what it puts between backticks is a name or an address.
 */
export function Prose({ text }: { text: string }) {
  return text.split("`").map((piece, at) => {
    if (at % 2 === 1) return <code key={at}>{piece}</code>;
    return <Fragment key={at}>{at === 0 ? capital(piece) : piece}</Fragment>;
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
