/** What the menu of a flow's row offers. */
import {
  IconCopy,
  IconEye,
  IconInbox,
  IconLink,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { FlowSummary } from "@/api";
import { useCopy, type MenuEntry } from "@/design";
import { useTranslation } from "@/i18n";

interface Dialogs {
  onCopy: (flow: FlowSummary) => void;
  onDelete: (flow: FlowSummary) => void;
}

export function useFlowMenu({ onCopy, onDelete }: Dialogs) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const { copy } = useCopy();
  return (flow: FlowSummary): MenuEntry[] => {
    const { name, endpoints } = flow;
    const url = endpoints[0]?.url;
    return [
      {
        label: t("row.open"),
        Icon: IconEye,
        run: () => void navigate({ to: "/flows/$name", params: { name } }),
      },
      {
        label: t("row.jobs"),
        Icon: IconPlayerPlay,
        run: () => void navigate({ to: "/jobs", search: { flow: name } }),
      },
      {
        label: t("row.requests"),
        Icon: IconInbox,
        run: () => void navigate({ to: "/requests", search: { flow: name } }),
      },
      ...(url === undefined
        ? []
        : [{ label: t("row.copyUrl"), Icon: IconLink, run: () => void copy(url) }]),
      { label: t("copyFlow.action"), Icon: IconCopy, run: () => onCopy(flow) },
      { label: t("delete.action"), Icon: IconTrash, danger: true, run: () => onDelete(flow) },
    ];
  };
}
