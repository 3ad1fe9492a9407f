import { Link } from "@tanstack/react-router";
import { useStatus, type Status } from "@/api";
import { formatCount } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Frame.module.css";
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
  return (
    <Link to={to} className={classes.room} activeOptions={{ exact: to === "/" }}>
      <Icon size={16} stroke={1.75} aria-hidden />
      {t(`nav.${name}`)}
      {counts && <Count name={name} counts={counts} />}
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
