/** Follows which part of the page is in sight, and brings one there: by the list beside it, or by the address. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { partInSight } from "./partInSight";

const OWN_MOVES = ["wheel", "pointerdown", "keydown"];

export function usePartInSight(ids: readonly string[]) {
  const page = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const [inSight, setInSight] = useState<string>();
  const all = ids.join(" ");

  // Who comes by the address of a part is kept there while others above it load, until they move by themselves.
  const isArriving = useRef(hash !== "");

  useEffect(() => {
    const box = page.current;
    if (!box) return;
    const look = () => setInSight(lookAt(box, all.split(" "), hash));
    const watch = new ResizeObserver(() => {
      if (isArriving.current) bring(box, hash);
      look();
    });
    for (const part of box.children) watch.observe(part);
    const leave = () => (isArriving.current = false);
    for (const event of OWN_MOVES) box.addEventListener(event, leave, { passive: true });
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      for (const event of OWN_MOVES) box.removeEventListener(event, leave);
      box.removeEventListener("scroll", look);
    };
  }, [all, hash]);

  function show(id: string) {
    isArriving.current = false;
    if (page.current) bring(page.current, id);
    // The next Tab goes on from there.
    partOf(id)?.querySelector("h2")?.focus({ preventScroll: true });
    void navigate({ to: "/settings", hash: id, replace: true, hashScrollIntoView: false });
  }

  return { page, inSight, show };
}

/**
 * The id of a part's element. It is not what the address says: whoever finds an element of that name, the router or the
 * browser, scrolls all that is around it too, and with it the frame out of the window.
 */
export const elementId = (id: string) => `settings-${id}`;
const partOf = (id: string) => document.getElementById(elementId(id));
const ABOVE_PX = 16;

/** Only the page itself is scrolled. */
function bring(box: HTMLElement, id: string) {
  const part = partOf(id);
  if (!part) return;
  const way = part.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += way - ABOVE_PX;
}

function lookAt(box: HTMLElement, ids: string[], chosen: string) {
  const from = box.getBoundingClientRect().top;
  const parts = ids.flatMap((id) => {
    const place = partOf(id)?.getBoundingClientRect();
    return place ? [{ id, top: place.top - from, bottom: place.bottom - from }] : [];
  });
  const isAtEnd = box.scrollTop > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
  return partInSight(parts, { heightPx: box.clientHeight, isAtEnd }, chosen);
}
