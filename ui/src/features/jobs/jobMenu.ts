/** What the menu of a job's row offers. */
import { IconEye, IconFilter, IconHash, IconInbox, IconRoute } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { JobSummary } from "@/api";
import { useCopy, type MenuEntry } from "@/design";
import { useTranslation } from "@/i18n";
import type { JobsSearch } from "./search";

export function useJobMenu(change: (filter: JobsSearch) => void) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const { copy } = useCopy();
  return ({ id, flow, request_id }: JobSummary): MenuEntry[] => [
    {
      label: t("row.open"),
      Icon: IconEye,
      run: () => void navigate({ to: "/jobs/$id", params: { id: String(id) } }),
    },
    {
      label: t("row.canvas"),
      Icon: IconRoute,
      run: () =>
        void navigate({
          to: "/flows/$name",
          params: { name: flow },
          search: { job: id },
        }),
    },
    {
      label: t("row.request"),
      Icon: IconInbox,
      run: () => void navigate({ to: "/requests", search: { id: request_id } }),
    },
    { label: t("row.sameFlow"), Icon: IconFilter, run: () => change({ flow }) },
    { label: t("row.copyId"), Icon: IconHash, run: () => void copy(String(id)) },
  ];
}
