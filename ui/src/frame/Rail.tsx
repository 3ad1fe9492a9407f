import { IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useStatus, type Status } from "@/api";
import { formatCount } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Frame.module.css";
import { useNewerRelease } from "./newerRelease";
import { ROOMS, type Room } from "./rooms";

export function Rail() {
  const { t } = useTranslation();
  const counts = useStatus().data?.counts;
  const of = (group: Room["group"]) =>
    ROOMS.filter((room) => room.group === group).map((room) => (
      <li key={room.name}>
        <RoomLink room={room} counts={counts} />
      </li>
    ));
  return (
    <nav className={classes.rail} aria-label={t("nav.main")}>
      <ul>{of("work")}</ul>
      <div className={classes.label} id="rail-workspace">
        {t("nav.workspace")}
      </div>
      <ul aria-labelledby="rail-workspace">{of("workspace")}</ul>
      <ul>{of("end")}</ul>
    </nav>
  );
}

function RoomLink({ room, counts }: { room: Room; counts: Status["counts"] | undefined }) {
  const { t } = useTranslation();
  const { Icon, name, to } = room;
  if (name === "settings") return <SettingsLink />;
  return (
    <Link to={to} className={classes.room} activeOptions={{ exact: to === "/" }}>
      <Icon size={16} stroke={1.75} aria-hidden />
      {t(`nav.${name}`)}
      {counts && <Count name={name} counts={counts} />}
    </Link>
  );
}

/** With a sign while there is a newer release that nobody has looked at: then it leads there. */
function SettingsLink() {
  const { t } = useTranslation();
  const newer = useNewerRelease();
  const words = newer && t("update.there", { version: newer });
  return (
    <Link to="/settings" {...(newer && { hash: "updates" })} className={classes.room} title={words}>
      <IconSettings size={16} stroke={1.75} aria-hidden />
      {t("nav.settings")}
      {newer && (
        <span className={classes.sign}>
          <span className="sr-only">{words}</span>
        </span>
      )}
    </Link>
  );
}

function Count({ name, counts }: { name: Room["name"]; counts: Status["counts"] }) {
  const { t } = useTranslation();
  if (name === "settings" || name === "home" || name === "endpoints") return null;
  const failed = counts.deliveries_failed;
  if (name === "deliveries" && failed > 0) {
    const words = t("nav.failedDeliveries", { count: failed });
    return (
      <span className={classes.count} data-bad title={words}>
        <span aria-hidden>{formatCount(failed)}</span>
        <span className="sr-only">{words}</span>
      </span>
    );
  }
  return <span className={classes.count}>{formatCount(counts[name])}</span>;
}
