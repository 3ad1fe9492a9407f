/**
 * Payloads and code, coloured by spans: no text ever becomes markup. Long texts are drawn only
 * where they are looked at.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import classes from "./CodeView.module.css";
import { jsonTokens, plainTokens, prettyJson, type Token } from "./jsonTokens";

/** A line with its own colours, for the parts of an HTTP message. */
export interface CodeLine {
  tokens: Token[];
}

const LINE_PX = 18;
const VIRTUAL_FROM_LINES = 400;
/** A longer line is cut into several rows: no browser wraps a line of megabytes in time. */
const LINE_MAX_CHARS = 4000;

interface CodeViewProps {
  label: string;
  /** Text to show; JSON is written anew, one value per line, and coloured. */
  text?: string;
  lines?: CodeLine[];
  language?: "json" | "plain" | "auto";
  /** With the numbers that errors name lines by. */
  numbered?: boolean;
}

export function CodeView(props: CodeViewProps) {
  const { label, text, lines, language = "auto", numbered = false } = props;
  const shown = useMemo(() => lines ?? linesOf(text ?? "", language), [lines, text, language]);
  if (shown.length > VIRTUAL_FROM_LINES && !numbered) {
    return <LongCode label={label} lines={shown} />;
  }
  return (
    <pre
      className={classes.code}
      data-numbered={numbered || undefined}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {shown.map((line, at) => (
        <Line key={at} line={line} />
      ))}
    </pre>
  );
}

export function linesOf(text: string, language: "json" | "plain" | "auto"): CodeLine[] {
  const pretty = language === "plain" ? null : prettyJson(text);
  const tokens = pretty !== null || language === "json" ? jsonTokens : plainTokens;
  return (pretty ?? text)
    .split(/\r?\n/)
    .flatMap(cut)
    .map((line) => ({ tokens: tokens(line) }));
}

function cut(line: string): string[] {
  if (line.length <= LINE_MAX_CHARS) return [line];
  const parts: string[] = [];
  for (let at = 0; at < line.length; at += LINE_MAX_CHARS) {
    parts.push(line.slice(at, at + LINE_MAX_CHARS));
  }
  return parts;
}

function Line({ line }: { line: CodeLine }) {
  return (
    <span className={classes.line}>
      {line.tokens.map((token, at) => (
        <span key={at} data-kind={token.kind}>
          {token.text}
        </span>
      ))}
      {"\n"}
    </span>
  );
}

function LongCode({ label, lines }: { label: string; lines: CodeLine[] }) {
  const scroller = useRef<HTMLPreElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
  });
  return (
    <pre className={classes.long} ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <div className={classes.canvas} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          return (
            <div key={key} className={classes.placed} style={{ top: start }}>
              {line && <Line line={line} />}
            </div>
          );
        })}
      </div>
    </pre>
  );
}
