/** Where `{{ expressions }}` begin and end in a text. What they mean is read by Hookloom alone. */
export interface Span {
  from: number;
  to: number;
}

/** Braces inside a string of the expression do not end it; one that nothing closes is none. */
export function expressionSpans(text: string): Span[] {
  const spans: Span[] = [];
  let at = text.indexOf("{{");
  while (at !== -1) {
    const end = endOf(text, at + 2);
    if (end === -1) break;
    spans.push({ from: at, to: end });
    at = text.indexOf("{{", end);
  }
  return spans;
}

/** The text between `{{` and the cursor, if the cursor stands in an expression. */
export function openExpression(text: string, cursor: number): Span | null {
  const from = text.lastIndexOf("{{", cursor - 2);
  if (from === -1 || from + 2 > cursor) return null;
  const inside = text.slice(from + 2, cursor);
  const end = endOf(text, from + 2);
  const isClosedBefore = end !== -1 && end <= cursor && endOf(inside, 0) !== -1;
  return isClosedBefore ? null : { from: from + 2, to: cursor };
}

function endOf(text: string, start: number): number {
  let quote = "";
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "}" && text[at + 1] === "}") return at + 2;
  }
  return -1;
}
