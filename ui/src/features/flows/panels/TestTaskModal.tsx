/** Sends one real message of a webhook task, and shows the whole exchange. */
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { IconCheck, IconFlask, IconX } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { testTask, type FlowDetail, type WebhookTaskTested } from "@/api";
import { Dialog, ErrorPanel, formatDuration, Pill, useAction } from "@/design";
import forms from "@/design/Form.module.css";
import { Explanation } from "@/features/faults/Explanation";
import { AnswerPane, RequestSentPane } from "@/features/deliveries/ExchangePanes";
import { useTranslation } from "@/i18n";
import { isFields, taskOutputs, type Part } from "../document";
import { useSyntaxWords } from "../syntaxWords";
import own from "./Panels.module.css";

interface TestTaskModalProps {
  flow: FlowDetail;
  part: Part;
  onClose: () => void;
}

export function TestTaskModal({ flow, part, onClose }: TestTaskModalProps) {
  const { t } = useTranslation(["parts", "common"]);
  const outputs = taskOutputs(part) ?? [];
  const [sample, setSample] = useState("");
  const [output, setOutput] = useState(outputs[0] ?? "");
  const mistake = useSampleMistake(sample);
  const test = useAction({
    run: () =>
      testTask(flow.name, {
        task: part.name,
        ...(sample.trim() === "" ? {} : { sample: JSON.parse(sample) as Record<string, unknown> }),
        ...(output === "" ? {} : { output }),
      }),
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (mistake === null) test.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("parts:test.title", { name: part.name })}
      width={860}
      height={760}
    >
      <form className={forms.form} onSubmit={submit}>
        <p className="muted">{t("parts:test.text")}</p>
        <Textarea
          label={t("parts:test.sample")}
          description={t("parts:test.sampleHint")}
          classNames={{ input: "mono" }}
          rows={3}
          value={sample}
          onChange={(event) => setSample(event.currentTarget.value)}
          error={mistake}
          spellCheck={false}
        />
        {outputs.length > 1 && (
          <NativeSelect
            label={t("parts:test.output")}
            data={outputs}
            value={output}
            onChange={(event) => setOutput(event.currentTarget.value)}
          />
        )}
        {test.error && <ErrorPanel error={test.error} inline />}
        {test.data && <Tested tested={test.data} />}
        <div className={`${forms.buttons} ${forms.bottom}`}>
          <Button onClick={onClose}>{t("common:action.close")}</Button>
          <Button
            type="submit"
            variant="filled"
            data-autofocus
            loading={test.isPending}
            disabled={mistake !== null}
          >
            {t(test.data ? "parts:test.again" : "parts:test.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Tested({ tested }: { tested: WebhookTaskTested }) {
  const { t } = useTranslation("parts");
  const { delivered, duration_ms } = tested;
  return (
    <section aria-label={t("test.result")} className={forms.form}>
      <div className={own.resultHead} role="status">
        <Pill tone="run" Icon={IconFlask}>
          {t("test.mark")}
        </Pill>
        <Pill tone={delivered ? "ok" : "bad"} Icon={delivered ? IconCheck : IconX}>
          {t(delivered ? "test.delivered" : "test.failed")}
        </Pill>
        <span className="muted">{t("test.took", { duration: formatDuration(duration_ms) })}</span>
      </div>
      <Explanation error={tested.error} response={tested.response} />
      <div className={own.result}>
        <RequestSentPane attempt={tested} />
        <AnswerPane attempt={tested} />
      </div>
    </section>
  );
}

function useSampleMistake(sample: string): string | null {
  const { t } = useTranslation("parts");
  const syntax = useSyntaxWords()(sample);
  if (syntax !== null || sample.trim() === "") return syntax;
  return isFields(JSON.parse(sample)) ? null : t("test.notObject");
}
