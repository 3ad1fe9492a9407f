/** Trying a draft in its editor: one step with real data, or the whole flow as a trial job. */
import { SegmentedControl } from "@mantine/core";
import { IconFlask, IconX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import { partsOf, type Fields } from "../document";
import { closeTry, openTry, useTry } from "./store";
import { TryFlow } from "./TryFlow";
import { TryStep } from "./TryStep";
import own from "./Try.module.css";

interface TryPanelProps {
  flow: string;
  /** The draft as it is on the screen. */
  document: Fields;
}

/** Nothing unless something of this flow is tried. */
export function TryPanel({ flow, document }: TryPanelProps) {
  const target = useTry((state) => state.target);
  if (target?.flow !== flow) return null;
  return <Panel flow={flow} document={document} step={target.step} />;
}

function Panel({ flow, document, step }: TryPanelProps & { step: string | null }) {
  const { t } = useTranslation("forms");
  const section = useRef<HTMLElement>(null);
  const { steps } = partsOf(document);
  const names = steps.map(({ name }) => name).filter((name) => name !== "");
  const part = steps.find(({ name }) => name === step) ?? steps.find(({ name }) => name !== "");
  const what = step === null || !part ? "flow" : "step";

  // It came because somebody asked for it: keys go on from here.
  useEffect(() => section.current?.focus(), []);

  return (
    <section className={own.panel} aria-label={t("try.title")} ref={section} tabIndex={-1}>
      <div className={own.head}>
        <IconFlask size={16} aria-hidden />
        <h2>{t("try.title")}</h2>
        <SegmentedControl
          className={own.what}
          aria-label={t("try.what")}
          data={[
            { value: "step", label: t("try.oneStep"), disabled: names.length === 0 },
            { value: "flow", label: t("try.wholeFlow") },
          ]}
          value={what}
          onChange={(next) =>
            openTry({ flow, step: next === "flow" ? null : (part?.name ?? null) })
          }
        />
        <span className={`muted truncate ${own.words}`}>{t("try.draft")}</span>
        <IconAction Icon={IconX} label={t("try.close")} onClick={closeTry} />
      </div>
      {what === "step" && part ? (
        <TryStep key={part.name} flow={flow} document={document} part={part} names={names} />
      ) : (
        <TryFlow flow={flow} document={document} names={names} />
      )}
    </section>
  );
}

export default TryPanel;
