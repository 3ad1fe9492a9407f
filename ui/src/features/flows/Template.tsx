import classes from "./FlowPage.module.css";
import { templatePieces } from "./templatePieces";

/** A text with its `{{expressions}}` set apart. */
export function Template({ text }: { text: string }) {
  return (
    <span className="mono">
      {templatePieces(text).map((piece, at) =>
        piece.expression ? (
          <span key={at} className={classes.chip}>
            {piece.text}
          </span>
        ) : (
          <span key={at}>{piece.text}</span>
        ),
      )}
    </span>
  );
}
