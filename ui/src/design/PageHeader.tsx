import type { Icon } from "@tabler/icons-react";
import { Fragment, useEffect, type ReactNode } from "react";
import { useTranslation } from "@/i18n";
import classes from "./PageHeader.module.css";

interface PageHeaderProps {
  title: string;
  /** The way here, each a link or a text; with it the header has two lines. */
  crumbs?: ReactNode[];
  Icon?: Icon;
  /** State pill and facts beside the title. */
  beside?: ReactNode;
  actions?: ReactNode;
  /** The way here and the title on one line, where height is dear. */
  oneLine?: boolean;
}

export function PageHeader({ title, crumbs, Icon, beside, actions, oneLine }: PageHeaderProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t("app.windowTitle", { title });
  }, [t, title]);
  return (
    <header
      data-crumbs={crumbs ? true : undefined}
      className={crumbs && !oneLine ? classes.tall : classes.flat}
    >
      <div className={classes.words}>
        {crumbs && (
          <nav className={classes.crumbs} aria-label={t("nav.crumbs")}>
            {Icon && <Icon size={16} stroke={1.75} aria-hidden />}
            {crumbs.map((crumb, at) => (
              <Fragment key={at}>
                {at > 0 && <span className="faint">/</span>}
                {crumb}
              </Fragment>
            ))}
          </nav>
        )}
        <div className={classes.titleLine}>
          <h1 className={classes.title} title={oneLine ? title : undefined}>
            {title}
          </h1>
          {beside}
        </div>
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
