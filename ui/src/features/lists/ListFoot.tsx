import type { RowsQuery } from "@/api";
import { ErrorPanel } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./lists.module.css";

/** The end of a list that goes on: its next page is coming, or could not be read. */
export function ListFoot({ query }: { query: Omit<RowsQuery<unknown>, "rows"> }) {
  const { t } = useTranslation();
  const { loadingMore, moreError, retryMore } = query;
  if (moreError) {
    return (
      <div className={classes.foot}>
        <ErrorPanel error={moreError} onRetry={retryMore} inline />
      </div>
    );
  }
  if (!loadingMore) return null;
  return (
    <p className={`muted ${classes.foot}`} role="status">
      {t("table.loadingMore")}
    </p>
  );
}
