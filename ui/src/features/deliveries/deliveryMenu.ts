/** What the menu of a delivery's row offers. */
import { IconEye, IconFilter, IconId, IconPlayerPlay, IconSend } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { resendDelivery, type Delivery } from "@/api";
import { useAction, useCopy, type MenuEntry } from "@/design";
import { useTranslation } from "@/i18n";
import type { DeliveriesSearch } from "./search";

/** Sends a delivery again, as a new one. */
export function useResend(onResent: (delivery: Delivery) => void) {
  const { t } = useTranslation("deliveries");
  return useAction({
    run: ({ id }: Pick<Delivery, "id" | "job_id">) => resendDelivery(id),
    stale: ({ job_id }) => ["deliveries", `job:${job_id}`, "status"],
    done: () => t("resent"),
    onDone: onResent,
  });
}

export function useDeliveryMenu(change: (search: DeliveriesSearch) => void) {
  const { t } = useTranslation("deliveries");
  const navigate = useNavigate();
  const { copy } = useCopy();
  const resend = useResend(({ id }) => change({ id }));
  return (delivery: Delivery): MenuEntry[] => {
    const { id, job_id, flow } = delivery;
    return [
      { label: t("row.open"), Icon: IconEye, run: () => change({ id }) },
      {
        label: t("row.openJob"),
        Icon: IconPlayerPlay,
        run: () =>
          void navigate({
            to: "/jobs/$id",
            params: { id: String(job_id) },
            search: { tab: "webhooks", item: id },
          }),
      },
      { label: t("resend"), Icon: IconSend, run: () => resend.mutate(delivery) },
      { label: t("row.sameFlow"), Icon: IconFilter, run: () => change({ flow }) },
      { label: t("copyId"), Icon: IconId, run: () => void copy(id) },
    ];
  };
}
