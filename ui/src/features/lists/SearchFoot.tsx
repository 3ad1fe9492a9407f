/** How far a search has come: it goes on by itself until it has found enough, and stops when told to. */
import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import type { RowsQuery } from "@/api";
import { formatExact } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./lists.module.css";

/** After so many hits somebody looks at them first. */
const ENOUGH_ROWS = 50;

export function SearchFoot({ query }: { query: RowsQuery<unknown> }) {
  const { t } = useTranslation();
  const { rows, loadingMore, hasMore, scannedTo, loadMore, stop, moreError } = query;
  const [isStopped, setStopped] = useState(false);
  const [enough, setEnough] = useState(ENOUGH_ROWS);
  const goesOn = hasMore && !isStopped && !moreError && rows.length < enough;
  useEffect(() => {
    if (goesOn && !loadingMore) loadMore();
  }, [goesOn, loadingMore, loadMore]);
  const found = t("search.found", { count: rows.length });
  const back = scannedTo ? t("search.back", { at: formatExact(scannedTo).slice(0, 19) }) : "";
  return (
    <div className={classes.searchFoot}>
      <span role="status">
        {goesOn ? t("search.going") : hasMore ? found : t("search.done", { found })} {back}
      </span>
      {goesOn && <Loader size={14} aria-hidden />}
      {goesOn && (
        <Button
          onClick={() => {
            setStopped(true);
            stop();
          }}
        >
          {t("search.stop")}
        </Button>
      )}
      {hasMore && !goesOn && (
        <Button
          onClick={() => {
            setStopped(false);
            setEnough(rows.length + ENOUGH_ROWS);
            query.retryMore();
          }}
        >
          {t("search.goOn")}
        </Button>
      )}
    </div>
  );
}
