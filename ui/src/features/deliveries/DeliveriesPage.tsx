import { Button } from "@mantine/core";
import { IconFilter, IconFilterOff, IconSend } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { memo, useCallback } from "react";
import { useDeliveries, useDelivery } from "@/api";
import { EmptyState, ErrorPanel, Loading } from "@/design";
import { FlowFilter, StatusFilter } from "@/features/lists/filters";
import { ListPage } from "@/features/lists/ListPage";
import { NoneFit } from "@/features/lists/NoneFit";
import { SavedViews } from "@/features/views/SavedViews";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { DeliveryDetail } from "./DeliveryDetail";
import { useDeliveryColumns } from "./deliveryColumns";
import { useDeliveryMenu } from "./deliveryMenu";
import { deliveriesSearch, DELIVERY_STATUSES, type DeliveriesSearch } from "./search";

const route = getRouteApi("/deliveries");
const NO_FILTER = { status: undefined, flow: undefined };

export function DeliveriesPage() {
  const { t } = useTranslation("deliveries");
  const { id: chosen, ...filter } = route.useSearch();
  const change = useChange();
  const clear = () => change(NO_FILTER);
  const select = useCallback(({ id }: { id: string }) => change({ id }), [change]);
  useFilterCommands(change, clear);
  const isFiltered = filter.status !== undefined || filter.flow !== undefined;
  return (
    <ListPage
      list="deliveries"
      title={t("title")}
      label={t("list")}
      query={useDeliveries(filter)}
      columns={useDeliveryColumns()}
      onOpen={select}
      menuOf={useDeliveryMenu(change)}
      filters={<DeliveryFilters status={filter.status} flow={filter.flow} change={change} />}
      empty={
        isFiltered ? (
          <NoneFit
            title={t("empty.filteredTitle")}
            text={t("empty.filteredText")}
            clear={t("command.filterAll")}
            onClear={clear}
          />
        ) : (
          <NoDeliveries />
        )
      }
      side={{ width: 480, chosen, render: (id) => <Side id={id} onResent={select} /> }}
    />
  );
}

function useChange() {
  const navigate = useNavigate();
  return useCallback(
    (changed: DeliveriesSearch) =>
      void navigate({
        to: "/deliveries",
        search: (before) => ({ ...deliveriesSearch(before), ...changed }),
        replace: true,
      }),
    [navigate],
  );
}

interface DeliveryFiltersProps {
  status: DeliveriesSearch["status"];
  flow: string | undefined;
  change: (search: DeliveriesSearch) => void;
}

/** They stay as they are while deliveries come in. */
const DeliveryFilters = memo(function DeliveryFilters(props: DeliveryFiltersProps) {
  const { status, flow, change } = props;
  return (
    <>
      <StatusFilter
        statuses={DELIVERY_STATUSES}
        value={status}
        onChange={(next) => change({ status: next })}
      />
      <FlowFilter value={flow} onChange={(next) => change({ flow: next })} />
      <SavedViews
        list="deliveries"
        filter={{ status, flow }}
        onChoose={(view) => change({ ...NO_FILTER, ...deliveriesSearch(view), id: undefined })}
      />
    </>
  );
});

function useFilterCommands(change: (search: DeliveriesSearch) => void, clear: () => void) {
  const { t } = useTranslation("deliveries");
  useCommands([
    {
      id: "deliveries.failed",
      label: t("command.filterFailed"),
      Icon: IconFilter,
      run: () => change({ status: "failed" }),
    },
    { id: "deliveries.all", label: t("command.filterAll"), Icon: IconFilterOff, run: clear },
  ]);
}

interface SideProps {
  id: string | undefined;
  onResent: (delivery: { id: string }) => void;
}

/** It stays as it is while other deliveries come in. */
const Side = memo(function Side({ id, onResent }: SideProps) {
  const { t } = useTranslation("deliveries");
  const { data, error, refetch } = useDelivery(id);
  if (!id) return <EmptyState Icon={IconSend} title={t("title")} text={t("select")} />;
  if (data) {
    return <DeliveryDetail key={data.id} delivery={data} onResent={onResent} layout="narrow" />;
  }
  return error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Loading />;
});

function NoDeliveries() {
  const { t } = useTranslation("deliveries");
  const navigate = useNavigate();
  return (
    <EmptyState
      Icon={IconSend}
      title={t("empty.title")}
      text={t("empty.text")}
      action={
        <Button variant="filled" onClick={() => void navigate({ to: "/flows" })}>
          {t("empty.action")}
        </Button>
      }
    />
  );
}
