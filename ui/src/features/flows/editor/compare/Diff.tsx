/** Two documents side by side. Its place is as high before it is loaded as after: what stands below does not move. */
import { lazy, Suspense, type ComponentProps } from "react";
import { Loading } from "@/design";
import classes from "./Compare.module.css";

const DocumentDiff = lazy(() => import("./DocumentDiff"));

export function Diff(props: ComponentProps<typeof DocumentDiff>) {
  return (
    <div className={classes.diff}>
      <Suspense fallback={<Loading />}>
        <DocumentDiff {...props} />
      </Suspense>
    </div>
  );
}
