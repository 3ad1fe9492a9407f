/** Tries one step: once, really, with the data of a job or pinned data. Nothing is recorded. */
import { Button, NativeSelect } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useJobs, type TriggerInput } from "@/api";
import { tryStep } from "@/api/trying";
import { useAction } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, type Fields, type Part } from "../document";
import { Fold } from "../forms/steps/Fold";
import { JsonField } from "../forms/fields/JsonField";
import type { FormContext } from "../forms/types";
import { PinList } from "./PinList";
import { pinsOf } from "./pinned";
import { usePins } from "./pins";
import { keepTry, openTry, useLastTry } from "./store";
import { StepResult } from "./StepResult";
import own from "./Try.module.css";

const JOBS_MAX = 20;

interface TryStepProps {
  flow: string;
  document: Fields;
  part: Part;
  /** Of all steps. */
  names: string[];
}

export function TryStep({ flow, document, part, names }: TryStepProps) {
  const { t } = useTranslation("forms");
  const [job, setJob] = useState("");
  const [input, setInput] = useState<unknown>(undefined);
  const jobs = useJobs({ flow }).rows.slice(0, JOBS_MAX);
  const pins = usePins(flow);
  const last = useLastTry(flow, part.name);
  const context: FormContext = { flow, document, place: part.place, isReadOnly: false };
  const others = names.filter((name) => name !== part.name);
  const run = useAction({
    run: () =>
      tryStep(flow, {
        document,
        step: part.name,
        ...pinsOf(pins, names, part.name),
        ...(job === "" ? {} : { job_id: Number(job) }),
        ...(isFields(input) ? { input: input as TriggerInput } : {}),
      }),
    onDone: (result) => keepTry(flow, part.name, { fields: part.fields, result, error: null }),
    quiet: true,
  });

  return (
    <div className={own.columns}>
      <form
        className={own.ask}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <NativeSelect
          label={t("try.step")}
          data={names}
          value={part.name}
          onChange={(event) => openTry({ flow, step: event.currentTarget.value })}
        />
        <NativeSelect
          label={t("try.with")}
          data={[
            { value: "", label: t("try.lastJob") },
            ...jobs.map(({ id }) => ({ value: String(id), label: t("try.job", { id }) })),
          ]}
          value={job}
          onChange={(event) => setJob(event.currentTarget.value)}
        />
        <PinList context={context} pins={pins} steps={others} />
        <Fold label={t("try.ownInput")} isOpen={false}>
          <JsonField
            label={t("try.input")}
            description={t("try.inputHint")}
            value={input}
            onChange={setInput}
            check={(value) => (isFields(value) ? undefined : t("try.inputBad"))}
            context={context}
          />
        </Fold>
        <p className="faint">{t("try.really")}</p>
        <div className={own.foot}>
          <Button
            type="submit"
            variant="filled"
            loading={run.isPending}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
          >
            {t("try.tryStep")}
          </Button>
        </div>
      </form>
      <StepResult
        flow={flow}
        step={part.name}
        result={run.isPending ? null : (last?.result ?? null)}
        error={run.error}
        isOld={last !== undefined && JSON.stringify(last.fields) !== JSON.stringify(part.fields)}
        isPinned={Object.hasOwn(pins, part.name)}
        isRunning={run.isPending}
      />
    </div>
  );
}
