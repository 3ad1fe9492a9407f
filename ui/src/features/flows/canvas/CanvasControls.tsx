import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { Panel, useReactFlow, useStore, type FitViewOptions } from "@xyflow/react";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowCanvas.module.css";
import { motion } from "./Sight";

export function CanvasControls({ fit }: { fit: FitViewOptions }) {
  const { t } = useTranslation("flows");
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <Panel position="bottom-left" className={classes.controls}>
      <IconAction
        stroke={1.75}
        label={t("canvas.zoomOut")}
        Icon={IconZoomOut}
        onClick={() => void zoomOut(motion())}
      />
      <Percent />
      <IconAction
        stroke={1.75}
        label={t("canvas.zoomIn")}
        Icon={IconZoomIn}
        onClick={() => void zoomIn(motion())}
      />
      <IconAction
        stroke={1.75}
        label={t("canvas.fit")}
        Icon={IconMaximize}
        onClick={() => void fitView({ ...fit, ...motion() })}
      />
    </Panel>
  );
}

/** The one thing here that changes with each frame of a zoom. */
function Percent() {
  const { t } = useTranslation("flows");
  const percent = useStore(({ transform: [, , zoom] }) => Math.round(zoom * 100));
  return <span className="muted num">{t("canvas.percent", { percent })}</span>;
}
