import { Button, Checkbox, Textarea } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { runFlow, type FlowDetail } from "@/api";
import { ErrorPanel, useAction, Dialog } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import { useSyntaxWords } from "../syntaxWords";

/** Starts a job by hand, with an input and for all or some outputs. */
export function RunModal({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation(["flows", "common"]);
  const navigate = useNavigate();
  const [input, setInput] = useState("");
  const [outputs, setOutputs] = useState<string[]>([]);
  const mistake = useSyntaxWords()(input);
  const run = useAction({
    run: () =>
      runFlow(flow.name, {
        ...(input.trim() === "" ? {} : { input: JSON.parse(input) as unknown }),
        ...(outputs.length === 0 ? {} : { outputs }),
      }),
    done: (_, { job_id }) => t("flows:run.done", { id: job_id }),
    onDone: ({ job_id }) => void navigate({ to: "/jobs/$id", params: { id: String(job_id) } }),
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (mistake === null) run.mutate();
  }

  return (
    <Dialog
      onClose={onClose}
      title={t("flows:run.title", { name: flow.title || flow.name })}
      width={560}
      unsaved={input.trim() !== ""}
    >
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{t("flows:run.text", { version: flow.version ?? 0 })}</p>
        <Textarea
          data-autofocus
          label={t("flows:run.input")}
          description={t("flows:run.inputHint")}
          classNames={{ input: "mono" }}
          rows={8}
          value={input}
          onChange={(event) => setInput(event.currentTarget.value)}
          error={mistake}
          spellCheck={false}
        />
        {flow.outputs.length > 1 && (
          <Checkbox.Group
            label={t("flows:run.outputs")}
            description={t("flows:run.outputsHint")}
            value={outputs}
            onChange={setOutputs}
          >
            {flow.outputs.map(({ name }) => (
              <Checkbox key={name} value={name} label={name} size="xs" mt={6} />
            ))}
          </Checkbox.Group>
        )}
        {run.error && <ErrorPanel error={run.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={run.isPending}
            disabled={mistake !== null}
          >
            {t("flows:run.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
