/** Makes a flow: a name, and one endpoint to begin with. */
import { Button, Radio, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { importFlow, useFlows } from "@/api";
import { Dialog, ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { loadTexts, useTranslation } from "@/i18n";
import { newEndpoint } from "../editor/commands";

loadTexts("editor");
const FLOW_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const FORMAT = "hookloom.flow/1";

export default function NewFlowModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["editor", "common"]);
  const navigate = useNavigate();
  const { data: flows } = useFlows();
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [who, setWho] = useState("key");
  const mistake = !FLOW_NAME.test(name)
    ? "shape"
    : flows?.items.some((flow) => flow.name === name)
      ? "taken"
      : null;
  const endpoint = newEndpoint(name);
  const make = useAction({
    run: () => {
      const auth = who === "anyone" ? { kind: "none" } : endpoint.auth;
      const titled = title.trim() === "" ? {} : { title: title.trim() };
      const document = {
        format: FORMAT,
        name,
        ...titled,
        endpoints: [{ ...endpoint, auth }],
        steps: [],
      };
      return importFlow(JSON.stringify(document), false);
    },
    stale: () => ["flows", "status"],
    done: () => t("editor:create.done", { name: title.trim() || name }),
    onDone() {
      onClose();
      void navigate({ to: "/flows/$name", params: { name } });
    },
    quiet: true,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (mistake === null && flows) make.mutate();
  }

  const isTyped = name !== "";
  return (
    <Dialog onClose={onClose} title={t("editor:create.title")} unsaved={isTyped || title !== ""}>
      <form className={classes.form} onSubmit={submit}>
        <p className="muted">{t("editor:create.text")}</p>
        <TextInput
          data-autofocus
          label={t("editor:create.name")}
          description={t("editor:create.nameHint")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={isTyped && mistake ? t(`editor:create.${mistake}`) : undefined}
          spellCheck={false}
          autoComplete="off"
        />
        <TextInput
          label={t("editor:create.label")}
          description={t("editor:create.labelHint")}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          autoComplete="off"
        />
        <Radio.Group label={t("editor:create.who")} value={who} onChange={setWho}>
          <Radio
            mt={8}
            size="xs"
            value="key"
            label={t("editor:create.key")}
            description={t("editor:create.keyHint", { secret: `${name || "NAME"}_key` })}
          />
          <Radio
            mt={8}
            size="xs"
            value="anyone"
            label={t("editor:create.anyone")}
            description={t("editor:create.anyoneHint")}
          />
        </Radio.Group>
        {make.error && <ErrorPanel error={make.error} inline />}
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            type="submit"
            variant="filled"
            loading={make.isPending}
            disabled={mistake !== null || !flows}
          >
            {t("editor:create.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
