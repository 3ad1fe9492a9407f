/** JavaScript: completed with the names of this flow, marked where its last try failed, and run with one button. */
import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { openTry, useLastTry } from "../../try/store";
import { useNames } from "../code/useNames";
import { CodeField } from "../fields/CodeField";
import { JsonField } from "../fields/JsonField";
import type { PartFormProps } from "../types";
import { lineOf, scriptNames } from "./script";
import { stepFields } from "./stepFields";

export function ScriptForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const step = stepFields(props);
  const { code } = step.fields;
  const name = text(step.fields.name);
  const known = useNames(context.flow, context.place);
  const last = useLastTry(context.flow, name);
  if (code !== undefined && typeof code !== "string") {
    return (
      <JsonField
        label={t("script.code")}
        value={code}
        onChange={(next) => step.set("code", next)}
        context={context}
        error={step.wrong("code")}
      />
    );
  }
  const failure = last?.fields.code === code ? last?.result?.error : null;
  const line = failure ? lineOf(failure.message) : null;
  const problems = props.problems.filter(({ place }) => place === `${context.place}/code`);
  const marks = problems.flatMap(({ message }) => {
    const at = lineOf(message);
    return at === null ? [] : [{ line: at, message }];
  });
  if (failure && line !== null) marks.push({ line, message: failure.message });
  return (
    <CodeField
      label={t("script.code")}
      description={t("script.hint")}
      language="javascript"
      value={code ?? ""}
      onChange={(next) => step.set("code", next)}
      context={context}
      error={step.wrong("code") ?? (line === null ? undefined : failure?.message)}
      names={scriptNames(context, known)}
      lineMarks={marks}
      aside={
        !context.isReadOnly &&
        name !== "" && (
          <Button
            size="compact-xs"
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => openTry({ flow: context.flow, step: name })}
          >
            {t("script.run")}
          </Button>
        )
      }
    />
  );
}
