import { IconSend } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Delivery, JobDetail } from "@/api";
import { DataTable, EmptyState } from "@/design";
import { DeliveryDetail } from "@/features/deliveries/DeliveryDetail";
import { useDeliveryColumns } from "@/features/deliveries/deliveryColumns";
import { useTranslation } from "@/i18n";

const route = getRouteApi("/jobs/$id");
const SHOWN = ["task", "event", "status", "http", "attempts", "duration", "next"];

export function JobWebhooks({ job }: { job: JobDetail }) {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const chosen = route.useSearch().item;
  const all = useDeliveryColumns();
  const columns = useMemo(() => all.filter(({ id }) => SHOWN.includes(id)), [all]);
  const selected = job.deliveries.find(({ id }) => id === chosen) ?? job.deliveries[0];
  const select = ({ id: item }: Pick<Delivery, "id">) =>
    void navigate({
      to: "/jobs/$id",
      params: { id: String(job.id) },
      search: { tab: "webhooks", item },
      replace: true,
    });
  if (!selected) {
    const text = job.ended_at ? t("webhooks.noneText") : t("webhooks.notYet");
    return <EmptyState Icon={IconSend} title={t("webhooks.none")} text={text} />;
  }
  return (
    <>
      <DataTable
        fitRows
        label={t("webhooks.list")}
        rows={job.deliveries}
        columns={columns}
        selected={selected.id}
        onOpen={select}
        onMove={select}
        empty={null}
      />
      <DeliveryDetail key={selected.id} delivery={selected} onResent={select} layout="wide" />
    </>
  );
}
