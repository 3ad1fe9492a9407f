/** Copying, with a moment in which the button says that it worked, and a word for screen readers. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/i18n";
import { announce } from "./announce";

const SHOWN_MS = 1500;

export function useCopy() {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy(text: string | (() => string)) {
    const done = await write(typeof text === "function" ? text() : text);
    announce(t(done ? "copy.done" : "copy.failed"));
    if (!done) return;
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), SHOWN_MS);
  }

  return { copied, copy };
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text);
  }
}

/** For a page that is no secure context, such as `serve` reached over a plain network address. */
function writeBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("aria-hidden", "true");
  area.className = "sr-only";
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
