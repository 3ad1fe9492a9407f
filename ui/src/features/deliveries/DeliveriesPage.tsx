import { Button, Select } from "@mantine/core";
import { IconFilter, IconFilterOff, IconSend } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useDeliveries, useDelivery, useFlows } from "@/api";
import { DataTable, EmptyState, ErrorPanel, Loading, PageHeader, SplitPane } from "@/design";
import { LiveControl } from "@/features/live/LiveControl";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { DeliveryDetail } from "./DeliveryDetail";
import { useDeliveryColumns } from "./deliveryColumns";
import { DELIVERY_STATUSES, type DeliveriesSearch } from "./search";

const route = getRouteApi("/deliveries");

export function DeliveriesPage() {
  const { t } = useTranslation("deliveries");
  const navigate = useNavigate();
  const { id, ...filter } = route.useSearch();
  const deliveries = useDeliveries(filter);
  const columns = useDeliveryColumns();
  const change = (search: DeliveriesSearch) =>
    void navigate({ to: "/deliveries", search: { ...filter, id, ...search }, replace: true });
  const select = ({ id: chosen }: { id: string }) => change({ id: chosen });
  useFilterCommands(change);
  return (
    <>
      <PageHeader
        title={t("title")}
        beside={<Filters filter={filter} onChange={change} />}
        actions={<LiveControl list="deliveries" onResume={deliveries.retry} />}
      />
      {deliveries.error && deliveries.rows.length === 0 ? (
        <ErrorPanel error={deliveries.error} onRetry={deliveries.retry} />
      ) : deliveries.loading ? (
        <Loading />
      ) : deliveries.rows.length === 0 && !id ? (
        <NoDeliveries filtered={Boolean(filter.status ?? filter.flow)} />
      ) : (
        <SplitPane
          name="deliveries"
          initialPx={480}
          side={<Side id={id ?? deliveries.rows[0]?.id} onResent={select} />}
        >
          <DataTable
            label={t("list")}
            rows={deliveries.rows}
            columns={columns}
            selected={id ?? deliveries.rows[0]?.id}
            onOpen={select}
            onMove={select}
            onEnd={deliveries.loadMore}
            empty={<NoDeliveries filtered />}
          />
        </SplitPane>
      )}
    </>
  );
}

function useFilterCommands(change: (search: DeliveriesSearch) => void) {
  const { t } = useTranslation("deliveries");
  useCommands([
    {
      id: "deliveries.failed",
      label: t("command.filterFailed"),
      Icon: IconFilter,
      run: () => change({ status: "failed" }),
    },
    {
      id: "deliveries.all",
      label: t("command.filterAll"),
      Icon: IconFilterOff,
      run: () => change({ status: undefined, flow: undefined }),
    },
  ]);
}

function Side({
  id,
  onResent,
}: {
  id: string | undefined;
  onResent: (it: { id: string }) => void;
}) {
  const { t } = useTranslation("deliveries");
  const { data, error, refetch } = useDelivery(id);
  if (!id) return <EmptyState Icon={IconSend} title={t("title")} text={t("select")} />;
  if (data) {
    return <DeliveryDetail key={data.id} delivery={data} onResent={onResent} layout="narrow" />;
  }
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
}

interface FiltersProps {
  filter: DeliveriesSearch;
  onChange: (change: DeliveriesSearch) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation(["deliveries", "common"]);
  const flows = useFlows().data?.items ?? [];
  return (
    <>
      <Select
        aria-label={t("deliveries:filter.status")}
        placeholder={t("deliveries:filter.anyStatus")}
        data={DELIVERY_STATUSES.map((value) => ({ value, label: t(`common:status.${value}`) }))}
        value={filter.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
        clearable
        w={150}
      />
      <Select
        aria-label={t("deliveries:filter.flow")}
        placeholder={t("deliveries:filter.anyFlow")}
        data={flows.map(({ name, title }) => ({ value: name, label: title || name }))}
        value={filter.flow ?? null}
        onChange={(flow) => onChange({ flow: flow ?? undefined })}
        clearable
        searchable
        w={180}
      />
    </>
  );
}

function NoDeliveries({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation("deliveries");
  const navigate = useNavigate();
  return (
    <EmptyState
      Icon={filtered ? IconFilterOff : IconSend}
      title={t(filtered ? "empty.filteredTitle" : "empty.title")}
      text={t(filtered ? "empty.filteredText" : "empty.text")}
      action={
        filtered ? (
          <Button onClick={() => void navigate({ to: "/deliveries", search: {} })}>
            {t("command.filterAll")}
          </Button>
        ) : (
          <Button variant="filled" onClick={() => void navigate({ to: "/flows" })}>
            {t("empty.action")}
          </Button>
        )
      }
    />
  );
}
