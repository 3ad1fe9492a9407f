/**
 * The words of whatever has `data-tip`, while the pointer rests on it or the keyboard has brought
 * the focus to it; those of `data-tip-cut` only where its text is cut. One for the whole page: a long
 * list pays nothing for its buttons. What has a tip has a name for screen readers of its own.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import classes from "./TipLayer.module.css";

const REST_MS = 400;
const SETTLED_MS = 150;
const EDGE_PX = 4;
const TIPPED = "[data-tip], [data-tip-cut]";

interface Tip {
  words: string;
  target: Element;
}

export function TipLayer() {
  const [tip, setTip] = useState<Tip>();
  const layer = useRef<HTMLDivElement>(null);
  useTipEvents(layer, setTip);
  useLayoutEffect(() => {
    if (tip && layer.current) place(layer.current, tip.target);
  }, [tip]);
  return (
    <div ref={layer} className={classes.layer} hidden={!tip} aria-hidden>
      <span className={classes.tip}>{tip?.words}</span>
    </div>
  );
}

function useTipEvents(
  layer: React.RefObject<HTMLDivElement | null>,
  setTip: (tip: Tip | undefined) => void,
) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    function show(target: Element | null, afterMs: number) {
      clearTimeout(timer);
      if (!target) return setTip(undefined);
      timer = setTimeout(() => {
        const words = wordsOf(target);
        if (words && target.isConnected) setTip({ words, target });
      }, afterMs);
    }

    const targetOf = (event: Event) =>
      event.target instanceof Element ? event.target.closest(TIPPED) : null;
    const hide = () => show(null, 0);
    const onOver = (event: Event) => {
      // The tip itself may be pointed at, to read it in peace.
      if (layer.current?.contains(event.target as Node)) return;
      show(targetOf(event), REST_MS);
    };
    const onFocus = (event: Event) => {
      const target = targetOf(event);
      show(target?.matches(":focus-visible") ? target : null, 0);
    };
    // What the keys came to is often brought into sight by the same step: its tip waits until it stands.
    const onScroll = () => {
      const focused = document.activeElement?.closest(TIPPED);
      hide();
      if (focused?.matches(":focus-visible")) show(focused, SETTLED_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", onOver);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("scroll", onScroll, true);
    document.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", onOver);
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("scroll", onScroll, true);
      document.removeEventListener("keydown", onKey);
    };
  }, [layer, setTip]);
}

function wordsOf(target: Element): string | null {
  const cut = target.getAttribute("data-tip-cut");
  if (cut === null) return target.getAttribute("data-tip");
  const texts = [target, ...target.querySelectorAll(".truncate")];
  return texts.some((text) => text.scrollWidth > text.clientWidth) ? cut : null;
}

/** Below its target, or above where there is no room, and never beyond the window's edge. */
function place(layer: HTMLElement, target: Element) {
  const of = target.getBoundingClientRect();
  const { width, height } = layer.getBoundingClientRect();
  const wanted = of.left + of.width / 2 - width / 2;
  const left = Math.max(EDGE_PX, Math.min(wanted, innerWidth - width - EDGE_PX));
  const below = of.bottom + height <= innerHeight;
  layer.style.left = `${Math.round(left)}px`;
  layer.style.top = `${Math.round(below ? of.bottom : of.top - height)}px`;
}
