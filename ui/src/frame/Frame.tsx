import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/i18n";
import { Announcer } from "@/design/Announcer";
import { TipLayer } from "@/design/TipLayer";
import { Banners } from "./Banners";
import classes from "./Frame.module.css";
import { openPalette, useDoor } from "./paletteDoor";
import { Rail } from "./Rail";
import { ROOMS } from "./rooms";
import { TopBar } from "./TopBar";

/** What is around every screen: top bar, rail, banners, palette. */
export function Frame() {
  const { t } = useTranslation();
  useRoomKeys();
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t("app.skip")}
      </a>
      <TopBar />
      <Rail />
      <main id="content" className={classes.main} tabIndex={-1}>
        <Banners />
        <Outlet />
      </main>
      <PaletteSlot />
      <TipLayer />
      <Announcer />
    </div>
  );
}

export const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);

function PaletteSlot() {
  const isWanted = useDoor(({ turn }) => turn > 0);
  if (!isWanted) return null;
  return (
    <Suspense>
      <Palette />
    </Suspense>
  );
}

/** Alt with a figure opens the room of that number, and the palette has its own, also while typing. */
function useRoomKeys() {
  const navigate = useNavigate();
  const rooms = ROOMS.map(({ to }, at): HotkeyItem => {
    // The key's place counts: with Alt, and on other layouts, it gives other characters.
    return [`alt + Digit${at + 1}`, () => void navigate({ to }), { usePhysicalKeys: true }];
  });
  useHotkeys([...rooms, ["mod + K", openPalette]], []);
}
