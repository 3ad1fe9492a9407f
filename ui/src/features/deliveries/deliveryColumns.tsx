import { useMemo } from "react";
import type { Delivery } from "@/api";
import { formatDuration, RelativeTime, StatusPill, type Column } from "@/design";
import { useTranslation } from "@/i18n";
import { useDeliveryWords } from "./deliveryWords";

export function useDeliveryColumns(): Column<Delivery>[] {
  const { t } = useTranslation("deliveries");
  const words = useDeliveryWords();
  return useMemo(
    () => [
      {
        id: "task",
        header: t("columns.task"),
        cell: ({ task }) => <span className="strong">{task}</span>,
      },
      {
        id: "flow",
        header: t("columns.flow"),
        fromWidth: 720,
        cell: ({ flow }) => <span className="muted">{flow}</span>,
      },
      {
        id: "job",
        header: t("columns.job"),
        width: 80,
        numeric: true,
        cell: ({ job_id }) => job_id,
      },
      {
        id: "event",
        header: t("columns.event"),
        fromWidth: 820,
        cell: (delivery) => <span className="muted">{words.event(delivery)}</span>,
      },
      {
        id: "status",
        header: t("columns.status"),
        width: 124,
        cell: ({ status }) => <StatusPill status={status} />,
      },
      {
        id: "http",
        header: t("columns.http"),
        width: 70,
        numeric: true,
        fromWidth: 420,
        cell: ({ http_status }) => <span className="mono">{http_status}</span>,
      },
      {
        id: "attempts",
        header: t("columns.attempts"),
        width: 100,
        numeric: true,
        fromWidth: 620,
        cell: (delivery) => words.attempts(delivery),
      },
      {
        id: "duration",
        header: t("columns.duration"),
        width: 100,
        numeric: true,
        fromWidth: 620,
        cell: ({ duration_ms }) =>
          typeof duration_ms === "number" ? formatDuration(duration_ms) : null,
      },
      {
        id: "next",
        header: t("columns.next"),
        width: 150,
        fromWidth: 900,
        cell: (delivery) => (
          <span className="muted">
            {delivery.next_attempt_at ? (
              <RelativeTime at={delivery.next_attempt_at} />
            ) : (
              delivery.task_disabled && t("taskDisabled")
            )}
          </span>
        ),
      },
      {
        id: "when",
        header: t("columns.when"),
        width: 120,
        fromWidth: 520,
        cell: ({ created_at }) => (
          <span className="muted">
            <RelativeTime at={created_at} />
          </span>
        ),
      },
    ],
    [t, words],
  );
}
