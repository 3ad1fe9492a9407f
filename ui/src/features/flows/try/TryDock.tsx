/** Where the panel for trying is in the editor: below everything, and read only when somebody tries something. */
import { lazy, Suspense } from "react";
import { Loading } from "@/design";
import type { Fields } from "../document";
import { useTry } from "./store";
import own from "./TryDock.module.css";

const TryPanel = lazy(() => import("./TryPanel"));

export function TryDock({ flow, document }: { flow: string; document: Fields }) {
  const isOpen = useTry(({ target }) => target?.flow === flow);
  if (!isOpen) return null;
  return (
    <div className={own.dock}>
      <Suspense fallback={<Loading />}>
        <TryPanel flow={flow} document={document} />
      </Suspense>
    </div>
  );
}
