import { useHotkeys } from "@mantine/hooks";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import { Announcer } from "@/design/Announcer";
import { Banners } from "./Banners";
import classes from "./Frame.module.css";
import { Palette } from "./Palette";
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
      <Palette />
      <Announcer />
    </div>
  );
}

/** Alt with a figure opens the room of that number, also while typing. */
function useRoomKeys() {
  const navigate = useNavigate();
  useHotkeys(
    ROOMS.map(({ to }, at) => [`alt + ${at + 1}`, () => void navigate({ to })]),
    [],
  );
}
