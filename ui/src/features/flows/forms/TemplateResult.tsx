/** What a template gives, with its type; or what is wrong with it, and the name that was meant. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight, IconWand } from "@tabler/icons-react";
import { CodeView, CutText, Prose } from "@/design";
import { useTranslation } from "@/i18n";
import { fixedText, isOnlyWithoutJob } from "./code/mistake";
import type { ShownPreview } from "./code/usePreview";
import classes from "./Forms.module.css";

interface TemplateResultProps {
  shown: ShownPreview;
  isLong: boolean;
  /** It may take one line and no more: what is below keeps its place. */
  isOneLine: boolean;
  /** The result is of the text as it is now, not of a moment ago. */
  isSame: boolean;
  onFix: (text: string) => void;
}

/** The end of a result that is cut: of a URL the name of its last part, mostly. */
const END_CHARS = 14;

export function TemplateResult(props: TemplateResultProps) {
  const { shown, isLong, isOneLine, isSame, onFix } = props;
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
  const given = text === "" ? t("template.empty") : text;
  return (
    <p className={classes.line} data-old={!isSame || undefined}>
      <IconArrowRight size={12} aria-hidden />
      <span className="sr-only">
        {t("template.preview")} {from}
      </span>
      <span className="mono" data-tip-cut={text}>
        {isOneLine ? <CutText text={given} endChars={END_CHARS} /> : given}
      </span>
      <span className={classes.type} data-tip={from}>
        {t(typeKey(result.type))}
      </span>
    </p>
  );
}

function typeKey<Type extends string>(type: Type) {
  return `type.${type}` as const;
}
