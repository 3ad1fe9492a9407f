/** Below a JSON tree: where the active value stands, and what of it can be copied. */
import { IconBraces, IconCopy, IconRoute } from "@tabler/icons-react";
import { Button } from "@mantine/core";
import { useCopy } from "@/design/copy";
import type { MenuEntry } from "@/design/menu";
import { useTranslation } from "@/i18n";
import { kindAt, stringOf } from "./jsonScan";
import { expressionText, pathText, type Path } from "./paths";
import classes from "./Payload.module.css";
import type { ScannedText, TreeRow } from "./treeRows";

interface TreeCopy extends MenuEntry {
  /** On the button, where the icon says that it copies. */
  short: string;
}

/** A value, its path, its expression. Text is copied without its quotes. */
export function useTreeCopies(
  { text }: ScannedText,
  { from, to }: TreeRow,
  path: Path,
  root: string | undefined,
): TreeCopy[] {
  const { t } = useTranslation();
  const { copy } = useCopy();
  const value = () => {
    const piece = text.slice(from, to);
    return kindAt(text, from) === "string" ? stringOf(piece) : piece;
  };
  const copies: TreeCopy[] = [
    {
      label: t("payload.copyValue"),
      short: t("payload.value"),
      Icon: IconCopy,
      run: () => void copy(value),
    },
  ];
  if (path.length > 0) {
    const run = () => void copy(pathText(path));
    copies.push({ label: t("payload.copyPath"), short: t("payload.path"), Icon: IconRoute, run });
  }
  if (root !== undefined) {
    const run = () => void copy(expressionText(root, path));
    copies.push({
      label: t("payload.copyExpression"),
      short: t("payload.expression"),
      Icon: IconBraces,
      run,
    });
  }
  return copies;
}

interface TreeFootProps {
  path: Path;
  copies: TreeCopy[];
  isAllOpen: boolean;
  onOpenAll: () => void;
  onCloseAll: () => void;
}

export function TreeFoot({ path, copies, isAllOpen, onOpenAll, onCloseAll }: TreeFootProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.treeFoot}>
      <span className={`mono ${classes.path}`} title={pathText(path)}>
        {path.length > 0 ? pathText(path) : t("payload.whole")}
      </span>
      {copies.map(({ label, short, Icon, run }) => (
        <Button
          key={label}
          variant="subtle"
          leftSection={<Icon size={14} stroke={1.75} aria-hidden />}
          aria-label={label}
          title={label}
          onClick={run}
        >
          {short}
        </Button>
      ))}
      <Button variant="subtle" onClick={isAllOpen ? onCloseAll : onOpenAll}>
        {t(isAllOpen ? "payload.closeAll" : "payload.openAll")}
      </Button>
    </div>
  );
}
