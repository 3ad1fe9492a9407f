/** The settings of the flow itself. */
import { Textarea, TextInput } from "@mantine/core";
import { formatDuration } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, texts, type Fields } from "../../document";
import { withKey } from "../../editor/commands/parts";
import { LinesField } from "../common/fields";
import { slotOf } from "../common/slot";
import { TemplateField } from "../TemplateField";
import type { PartFormProps } from "../types";
import { JsonField } from "./JsonField";
import { NumberField } from "./NumberField";
import { problemAt } from "./problems";

const TIMEOUT_MS = 180_000;

export default function SettingsForm(props: PartFormProps) {
  const { fields, onChange, problems, context } = props;
  const { t } = useTranslation("editor");
  const readOnly = context.isReadOnly;
  const wrong = (key: string) => problemAt(problems, "", key);
  const set = (key: string, value: unknown) =>
    onChange({ fields: withKey(fields, key, value), merge: key });
  const setText = (key: string) => (value: string) => set(key, value === "" ? undefined : value);
  const errorOf = (key: string) => {
    const error = wrong(key);
    return error === undefined ? {} : { error };
  };
  return (
    <>
      <TextInput
        label={t("form.title")}
        description={t("form.titleHint", { name: context.flow })}
        value={text(fields.title)}
        readOnly={readOnly}
        error={wrong("title")}
        onChange={(event) => setText("title")(event.currentTarget.value)}
        autoComplete="off"
      />
      <Textarea
        label={t("form.description")}
        value={text(fields.description)}
        readOnly={readOnly}
        error={wrong("description")}
        autosize
        minRows={2}
        onChange={(event) => setText("description")(event.currentTarget.value)}
      />
      <NumberField
        label={t("form.flowTimeout")}
        description={t("form.timeoutHint", { default: formatDuration(TIMEOUT_MS) })}
        value={fields.timeout_ms}
        min={1}
        readOnly={readOnly}
        error={wrong("timeout_ms")}
        onChange={(value) => set("timeout_ms", value)}
      />
      <JsonField
        label={t("form.vars")}
        description={t("form.varsHint")}
        notObject={t("form.varsObject")}
        value={isFields(fields.vars) ? fields.vars : undefined}
        readOnly={readOnly}
        error={wrong("vars")}
        onChange={(value) => set("vars", value)}
      />
      <TemplateField
        label={t("form.remoteUrl")}
        description={t("form.remoteUrlHint")}
        value={text(fields.remote_url)}
        place="url"
        context={context}
        {...errorOf("remote_url")}
        onChange={setText("remote_url")}
      />
      <TextInput
        label={t("form.remoteSecret")}
        description={t("form.remoteSecretHint")}
        value={text(fields.remote_secret)}
        readOnly={readOnly}
        error={wrong("remote_secret")}
        onChange={(event) => setText("remote_secret")(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <LinesField
        slot={slotOf(props)}
        name="inner_destinations"
        label={t("form.innerDestinations")}
        description={t("form.innerDestinationsHint")}
        placeholder="192.168.1.0/24"
      />
      <Unread fields={fields} />
    </>
  );
}

/** What has another shape than its field shows, as a draft's may: it is not hidden in silence. */
function Unread({ fields }: { fields: Fields }) {
  const { t } = useTranslation("editor");
  const inner = fields.inner_destinations;
  const isList = Array.isArray(inner) && texts(inner).length === inner.length;
  const isOdd =
    (fields.vars !== undefined && !isFields(fields.vars)) || (inner !== undefined && !isList);
  return isOdd ? <p className="muted">{t("form.unreadable")}</p> : null;
}
