import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import { useCopy } from "./copy";
import { IconAction } from "./IconAction";

interface CopyButtonProps {
  /** What is copied; a function, if it costs something to make. */
  text: string | (() => string);
  /** What it is, as in "Copy the address". */
  label: string;
  /** Words on the button; without them it is an icon that `label` names. */
  words?: string;
}

export function CopyButton({ text, label, words }: CopyButtonProps) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  const onClick = () => void copy(text);
  if (words) {
    return (
      <Button
        variant="subtle"
        leftSection={icon}
        onClick={onClick}
        title={label}
        aria-label={label}
      >
        {copied ? t("copy.done") : words}
      </Button>
    );
  }
  return <IconAction Icon={copied ? IconCheck : IconCopy} label={label} onClick={onClick} />;
}
