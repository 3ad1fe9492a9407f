/**
 * The room of the outline, or of what is shown of a part. Its width can be changed, and is remembered; until then it goes
 * with the window's.
 */
import { useElementSize, useLocalStorage, useMergedRef } from "@mantine/hooks";
import { useRef, type ReactNode } from "react";
import { Divider } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";

const SIDES = {
  outline: { of: "left", min: 140, max: 560, share: 0.45 },
  inspector: { of: "right", min: 280, max: 900, share: 0.5 },
} as const;
const WITH_THE_WINDOW = 0;

interface SidePaneProps {
  name: keyof typeof SIDES;
  children: ReactNode;
}

export function SidePane({ name, children }: SidePaneProps) {
  const { t } = useTranslation("flows");
  const { ref, width: shown } = useElementSize();
  const pane = useRef<HTMLDivElement>(null);
  const bothRefs = useMergedRef(ref, pane);
  const [own, setOwn] = useLocalStorage({
    key: `hookloom.split.${name}`,
    defaultValue: WITH_THE_WINDOW,
    getInitialValueInEffect: false,
  });
  const side = SIDES[name];
  // As in the styles: what is beyond would be remembered and not be seen.
  const move = (px: number) =>
    setOwn(Math.min(px, Math.floor((pane.current?.parentElement?.clientWidth ?? px) * side.share)));
  const divider = (
    <Divider
      className={name === "inspector" ? classes.inspectorDivider : undefined}
      label={t(`${name}.width`)}
      width={own === WITH_THE_WINDOW ? shown : own}
      min={side.min}
      max={side.max}
      of={side.of}
      onMove={move}
      onReset={() => setOwn(WITH_THE_WINDOW)}
    />
  );
  return (
    <>
      {side.of === "right" && divider}
      <div
        ref={bothRefs}
        className={classes[`${name}Pane`]}
        style={own === WITH_THE_WINDOW ? {} : { width: own }}
      >
        {children}
      </div>
      {side.of === "left" && divider}
    </>
  );
}
