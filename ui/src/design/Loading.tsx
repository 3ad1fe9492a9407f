import { Loader } from "@mantine/core";
import { useTranslation } from "@/i18n";
import classes from "./Loading.module.css";

/** Shown only if it takes long enough to be noticed (by its style), so that quick reads do not flicker. */
export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.loading} role="status">
      <Loader size={16} aria-hidden />
      {label ? `${label}: ${t("loading")}` : t("loading")}
    </div>
  );
}
