/** A question to a language model. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { SecretPicker } from "../fields/SecretPicker";
import type { PartFormProps } from "../types";
import { Fold } from "./Fold";
import { MessagesTable } from "./MessagesTable";
import { NumberKey } from "./NumberKey";
import { stepFields, without } from "./stepFields";
import { SwitchKey } from "./SwitchKey";
import { TemplateKey } from "./TemplateKey";

const MORE = ["temperature", "max_tokens", "json"];

export function LlmForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const { fields } = step;
  const asked = fields.messages === undefined ? "prompt" : "messages";
  return (
    <>
      <TemplateKey
        step={step}
        name="url"
        label={t("http.url")}
        description={t("llm.urlHint")}
        place="url"
        context={context}
      />
      <TemplateKey step={step} name="model" label={t("llm.model")} place="text" context={context} />
      <SecretPicker
        label={t("llm.secret")}
        value={fields.secret}
        onChange={(secret) => step.set("secret", secret)}
        context={context}
        error={step.wrong("secret")}
        suggestion="llm_key"
        noneLabel={t("llm.noSecret")}
      />
      <SegmentedControl
        aria-label={t("llm.asked")}
        data={[
          { value: "prompt", label: t("llm.prompt") },
          { value: "messages", label: t("llm.messages") },
        ]}
        value={asked}
        disabled={context.isReadOnly}
        onChange={(next) => next !== asked && ask(next)}
      />
      {asked === "prompt" ? (
        <TemplateKey
          step={step}
          name="prompt"
          label={t("llm.prompt")}
          place="text"
          context={context}
          isLong
        />
      ) : (
        <MessagesTable
          value={fields.messages}
          onChange={(messages) => step.set("messages", messages ?? [])}
          context={context}
          error={step.wrong("messages")}
        />
      )}
      <Fold label={t("http.more")} isOpen={MORE.some((key) => fields[key] !== undefined)}>
        <NumberKey
          step={step}
          name="temperature"
          label={t("llm.temperature")}
          description={t("llm.temperatureHint")}
          hint={t("llm.numberBad")}
          context={context}
        />
        <NumberKey
          step={step}
          name="max_tokens"
          label={t("llm.maxTokens")}
          hint={t("llm.numberBad")}
          context={context}
        />
        <SwitchKey
          step={step}
          name="json"
          label={t("llm.json")}
          isDefault={false}
          context={context}
        />
      </Fold>
    </>
  );

  /** A prompt is a list of one message, and such a list a prompt. */
  function ask(next: string) {
    const rest = without(fields, ["prompt", "messages"]);
    if (next === "messages") {
      step.setAll({ ...rest, messages: [{ role: "user", content: text(fields.prompt) }] });
      return;
    }
    const messages = Array.isArray(fields.messages) ? (fields.messages as unknown[]) : [];
    const contents = messages.map((message) => text((message as { content?: unknown })?.content));
    step.setAll({ ...rest, prompt: contents.filter(Boolean).join("\n\n") });
  }
}
