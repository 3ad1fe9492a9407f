import { lazy, Suspense, useState } from "react";
import { useMenu } from "./menu";

const MenuBox = lazy(() => import("./MenuBox"));

/** The place of the menus at the pointer: empty until the first one. */
export function MenuLayer() {
  const isWanted = useMenu(({ open }) => open !== null);
  const [isLoaded, setLoaded] = useState(false);
  if (isWanted && !isLoaded) setLoaded(true);
  if (!isLoaded) return null;
  return (
    <Suspense>
      <MenuBox />
    </Suspense>
  );
}
