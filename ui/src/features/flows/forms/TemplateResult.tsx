/** What a template gives, with its type; or what is wrong with it, and the name that was meant. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight, IconWand } from "@tabler/icons-react";
import { CodeView, Prose } from "@/design";
import { useTranslation } from "@/i18n";
import { fixedText, isOnlyWithoutJob } from "./code/mistake";
import type { ShownPreview } from "./code/usePreview";
import classes from "./Forms.module.css";

interface TemplateResultProps {
  shown: ShownPreview;
  isLong: boolean;
  /** The result is of the text as it is now, not of a moment ago. */
  isSame: boolean;
  onFix: (text: string) => void;
}

export function TemplateResult({ shown, isLong, isSame, onFix }: TemplateResultProps) {
  const { t } = useTranslation("forms");
  const { result, error, job_id } = shown.preview;
  if (error && isOnlyWithoutJob(error, job_id)) {
    return <p className={classes.line}>{t("template.noValues")}</p>;
  }
  if (error) {
    const fixed = isSame ? fixedText(shown.of, error) : null;
    return (
      <div className={classes.wrong}>
        <IconAlertTriangle size={14} aria-hidden />
        <span>
          <Prose text={error.message} />
        </span>
        {fixed !== null && (
          <Button
            size="compact-xs"
            leftSection={<IconWand size={14} aria-hidden />}
            onClick={() => onFix(fixed)}
          >
            {t("template.fix", { name: error.nearest ?? "" })}
          </Button>
        )}
      </div>
    );
  }
  if (!result) return null;
  const from = job_id === null ? t("template.noJob") : t("template.ofJob", { id: job_id });
  const text = result.text;
  if (isLong || text.length > 200 || text.includes("\n")) {
    return (
      <div className={classes.preview} data-old={!isSame || undefined}>
        <p>
          <span className="strong">{t("template.preview")}</span> {from} · {t(typeKey(result.type))}
        </p>
        <CodeView label={t("template.preview")} text={text} />
      </div>
    );
  }
  return (
    <p className={classes.line} data-old={!isSame || undefined} title={from}>
      <IconArrowRight size={12} aria-hidden />
      <span className="sr-only">
        {t("template.preview")} {from}
      </span>
      <span className="mono">{text === "" ? t("template.empty") : text}</span>
      <span className={classes.type}>{t(typeKey(result.type))}</span>
    </p>
  );
}

function typeKey<Type extends string>(type: Type) {
  return `type.${type}` as const;
}
