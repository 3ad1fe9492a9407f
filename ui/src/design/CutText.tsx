/** A text in one line that keeps its end where there is no room for all of it: names and URLs often differ there. */
import classes from "./CutText.module.css";

interface CutTextProps {
  text: string;
  /** How many characters at its end always stay. */
  endChars: number;
}

const IS_PLAIN = /^[\x20-\x7e]+$/;

export function CutText({ text, endChars }: CutTextProps) {
  // In a script that runs from right to left the end is not at the right.
  if (text.length < 2 * endChars || !IS_PLAIN.test(text)) {
    return <span className="truncate">{text}</span>;
  }
  return (
    <>
      <span className="sr-only">{text}</span>
      <span className={classes.cut} aria-hidden>
        <span className="truncate">{text.slice(0, -endChars)}</span>
        <span>{text.slice(-endChars)}</span>
      </span>
    </>
  );
}
