import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/i18n";
import { Announcer } from "@/design/Announcer";
import { MenuLayer } from "@/design/MenuLayer";
import { TipLayer } from "@/design/TipLayer";
import { inDesktop } from "@/platform";
import { Banners } from "./Banners";
import { useCommandKeys } from "./commands";
import classes from "./Frame.module.css";
import { useFrameCommands } from "./frameCommands";
import { useDoor } from "./paletteDoor";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";

/** What is around every screen: top bar, rail, banners, palette. */
export function Frame() {
  const { t } = useTranslation();
  useFrameCommands();
  useCommandKeys();
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
      <Suspense>
        <AlertWatch />
      </Suspense>
      {inDesktop && (
        <Suspense>
          <ShellDesk />
        </Suspense>
      )}
      <MenuLayer />
      <TipLayer />
      <Announcer />
    </div>
  );
}

export const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);
const ShellDesk = lazy(() => import("./ShellDesk"));
const AlertWatch = lazy(() => import("@/features/home/AlertWatch"));

function PaletteSlot() {
  const isWanted = useDoor(({ turn }) => turn > 0);
  if (!isWanted) return null;
  return (
    <Suspense>
      <Palette />
    </Suspense>
  );
}
