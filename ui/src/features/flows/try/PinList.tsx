/** Which steps are pinned: their data and exit code stand for what they would end with. */
import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { IconPencil, IconPinFilled, IconPinnedOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import type { FormContext } from "../forms/types";
import { PinDialog } from "./PinDialog";
import type { Pins } from "./pinned";
import { unpinStep } from "./pins";
import own from "./Try.module.css";

interface PinListProps {
  context: FormContext;
  pins: Pins;
  /** The steps that can be pinned. */
  steps: string[];
}

export function PinList({ context, pins, steps }: PinListProps) {
  const { t } = useTranslation("forms");
  const [edited, setEdited] = useState<string | null>(null);
  const names = steps.filter((step) => Object.hasOwn(pins, step));
  const others = steps.filter((step) => !names.includes(step));
  const [chosen, setChosen] = useState("");
  const next = others.includes(chosen) ? chosen : (others[0] ?? "");
  return (
    <div className={own.pins} role="group" aria-label={t("pin.list")}>
      <p className={own.heading}>
        {t("pin.list")} <span className="faint">{t("pin.hint")}</span>
      </p>
      {names.map((step) => (
        <div className={own.pin} key={step}>
          <IconPinFilled size={14} aria-hidden />
          <span className="mono truncate">{step}</span>
          <span className="mono muted truncate">{pins[step]?.exit_code}</span>
          <ActionIcon
            aria-label={t("pin.edit", { step })}
            data-tip={t("pin.edit", { step })}
            onClick={() => setEdited(step)}
          >
            <IconPencil size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            aria-label={t("pin.remove", { step })}
            data-tip={t("pin.remove", { step })}
            onClick={() => void unpinStep(context.flow, step)}
          >
            <IconPinnedOff size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {next !== "" && (
        <div className={own.addPin}>
          <NativeSelect
            aria-label={t("pin.step")}
            data={others}
            value={next}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Button onClick={() => setEdited(next)}>{t("pin.add")}</Button>
        </div>
      )}
      {edited !== null && (
        <PinDialog
          key={edited}
          step={edited}
          pin={pins[edited]}
          context={context}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  );
}
