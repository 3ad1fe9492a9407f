import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMaximize, IconZoomIn, IconZoomOut, type Icon } from "@tabler/icons-react";
import { Panel, useReactFlow, useViewport, type FitViewOptions } from "@xyflow/react";
import { useTranslation } from "@/i18n";
import classes from "./FlowCanvas.module.css";

const MOTION_MS = 120;

export function CanvasControls({ fit }: { fit: FitViewOptions }) {
  const { t } = useTranslation("flows");
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const { zoom } = useViewport();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = { duration: still ? 0 : MOTION_MS };
  return (
    <Panel position="bottom-left" className={classes.controls}>
      <Control label={t("canvas.zoomOut")} Icon={IconZoomOut} run={() => void zoomOut(motion)} />
      <span className="muted num">{t("canvas.percent", { percent: Math.round(zoom * 100) })}</span>
      <Control label={t("canvas.zoomIn")} Icon={IconZoomIn} run={() => void zoomIn(motion)} />
      <Control
        label={t("canvas.fit")}
        Icon={IconMaximize}
        run={() => void fitView({ ...fit, ...motion })}
      />
    </Panel>
  );
}

function Control({ label, Icon, run }: { label: string; Icon: Icon; run: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={run}>
        <Icon size={16} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
