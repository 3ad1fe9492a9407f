import { Fragment } from "react";

/** A sentence from Hookloom: what it puts between backticks is a name or an address. */
export function Prose({ text }: { text: string }) {
  return text
    .split("`")
    .map((piece, at) =>
      at % 2 === 1 ? <code key={at}>{piece}</code> : <Fragment key={at}>{piece}</Fragment>,
    );
}
