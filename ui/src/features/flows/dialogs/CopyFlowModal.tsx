import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { copyFlow, type FlowSummary } from "@/api";
import { Dialog, ErrorPanel, notify, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";

const FLOW_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

interface CopyFlowModalProps {
  flow: Pick<FlowSummary, "name" | "title">;
  onClose: () => void;
}

export function CopyFlowModal({ flow, onClose }: CopyFlowModalProps) {
  const { t } = useTranslation(["flows", "common"]);
  const navigate = useNavigate();
  const [name, setName] = useState(`${flow.name}_copy`.slice(0, 64));
  const valid = FLOW_NAME.test(name);
  const copy = useAction({
    run: () => copyFlow(flow.name, name),
    stale: () => ["flows", "status"],
    done: () => t("flows:copyFlow.done", { name }),
    onDone(copied) {
      if (copied.notes.length > 0) {
        notify({ title: t("flows:notes"), message: copied.notes.join(" "), long: true });
      }
      onClose();
      void navigate({ to: "/flows/$name", params: { name: copied.name } });
    },
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (valid) copy.mutate();
  }

  return (
    <Dialog onClose={onClose} title={t("flows:copyFlow.title", { name: flow.title || flow.name })}>
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{t("flows:copyFlow.text")}</p>
        <TextInput
          data-autofocus
          label={t("flows:copyFlow.name")}
          description={t("flows:copyFlow.nameHint")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={valid ? undefined : t("flows:copyFlow.nameBad")}
          spellCheck={false}
          autoComplete="off"
        />
        {copy.error && <ErrorPanel error={copy.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="filled" loading={copy.isPending} disabled={!valid}>
            {t("flows:copyFlow.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
