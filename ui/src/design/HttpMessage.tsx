/** A request or an answer as it went over the wire: first line, headers, blank line, body. */
import { useMemo } from "react";
import { CodeView, linesOf, type CodeLine } from "./CodeView";
import { plainTokens } from "./jsonTokens";

interface HttpMessageProps {
  label: string;
  url?: string | undefined;
  headers: { name: string; value: string }[];
  body?: string | null | undefined;
  /** Said in place of a body that cannot be shown, or after one that was cut. */
  note?: string | undefined;
  /** The body byte for byte instead of one JSON value per line. */
  asSent?: boolean;
}

export function HttpMessage({ label, url, headers, body, note, asSent }: HttpMessageProps) {
  const lines = useMemo(
    () => messageLines(url, headers, body, note, asSent),
    [url, headers, body, note, asSent],
  );
  return <CodeView label={label} lines={lines} />;
}

const blank: CodeLine = { tokens: [] };

function messageLines(
  url: string | undefined,
  headers: { name: string; value: string }[],
  body: string | null | undefined,
  note: string | undefined,
  asSent = false,
): CodeLine[] {
  const lines: CodeLine[] = [];
  if (url) {
    const tokens = plainTokens(url).map((token) =>
      token.kind === "mask" ? token : { ...token, kind: "faint" as const },
    );
    lines.push({ tokens }, blank);
  }
  for (const { name, value } of headers) {
    lines.push({ tokens: [{ kind: "key", text: name }, ...plainTokens(`: ${value}`)] });
  }
  if (body) lines.push(blank, ...linesOf(body, asSent ? "plain" : "auto"));
  if (note) lines.push(blank, { tokens: [{ kind: "faint", text: note }] });
  return lines;
}
