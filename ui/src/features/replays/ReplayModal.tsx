/** Runs something again: a job or a request, with the same input or an edited one. */
import { Button, Radio, Textarea } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { ApiError, type JobStarted, type ReplayOptions } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useSyntaxWords } from "@/features/flows/syntaxWords";
import { useTranslation } from "@/i18n";
import { replayOptions, type ReplayVersion } from "./replayOptions";

interface ReplayModalProps {
  title: string;
  text: string;
  /** A request that began no job has no version of its own. */
  hasOriginal: boolean;
  replay: (options: ReplayOptions) => Promise<JobStarted>;
  stale: string[];
  onClose: () => void;
}

export function ReplayModal(props: ReplayModalProps) {
  const { title, text, hasOriginal, replay, stale, onClose } = props;
  const { t } = useTranslation(["jobs", "common"]);
  const navigate = useNavigate();
  const [version, setVersion] = useState<ReplayVersion>(hasOriginal ? "original" : "published");
  const [input, setInput] = useState("");
  const [secretState, setSecretState] = useState("");
  const mistake = useSyntaxWords();
  const isSound = mistake(input) === null && mistake(secretState) === null;
  const action = useAction({
    run: () => replay(replayOptions({ version, input, secretState })),
    stale: () => ["jobs", "requests", ...stale],
    done: (_, { job_id }) => t("jobs:replay.done", { id: job_id }),
    onDone: ({ job_id }) => {
      onClose();
      void navigate({ to: "/jobs/$id", params: { id: String(job_id) } });
    },
    quiet: true,
  });
  const wantsState =
    action.error instanceof ApiError && action.error.code === "secret_state_needed";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isSound) action.mutate();
  }

  return (
    <Dialog onClose={onClose} title={title} width={560} unsaved={input.trim() !== ""}>
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{text}</p>
        {hasOriginal && (
          <Radio.Group
            label={t("jobs:replay.version")}
            value={version}
            onChange={(next) => setVersion(next as ReplayVersion)}
          >
            <Radio value="original" label={t("jobs:replay.original")} size="xs" mt={6} />
            <Radio value="published" label={t("jobs:replay.published")} size="xs" mt={6} />
          </Radio.Group>
        )}
        <Textarea
          data-autofocus
          label={t("jobs:replay.input")}
          description={t("jobs:replay.inputHint")}
          classNames={{ input: "mono" }}
          rows={8}
          value={input}
          onChange={(event) => setInput(event.currentTarget.value)}
          error={mistake(input)}
          spellCheck={false}
        />
        {(wantsState || secretState !== "") && (
          <Textarea
            label={t("jobs:replay.secretState")}
            description={t("jobs:replay.secretStateHint")}
            classNames={{ input: "mono" }}
            rows={3}
            value={secretState}
            onChange={(event) => setSecretState(event.currentTarget.value)}
            error={mistake(secretState)}
            spellCheck={false}
            autoComplete="off"
          />
        )}
        {action.error && <ErrorPanel error={action.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" loading={action.isPending} disabled={!isSound}>
            {t("jobs:replay.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
