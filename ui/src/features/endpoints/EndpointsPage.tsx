/** Every way in, of all flows: its URL, who may call, whether it takes requests. */
import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFlows, useStatistics } from "@/api";
import { DataTable } from "@/design";
import { CollectionPage } from "@/features/lists/CollectionPage";
import { useCommands } from "@/frame/commands";
import { loadTexts, useTranslation } from "@/i18n";
import { useEndpointColumns, type EndpointRow } from "./endpointColumns";
import { useEndpointMenu } from "./endpointMenu";

loadTexts("ways");
const SendTestDialog = lazy(() => import("@/features/sending/SendTestDialog"));
const AddEndpoint = lazy(() => import("./AddEndpoint"));

export function EndpointsPage() {
  const { t } = useTranslation("ways");
  const navigate = useNavigate();
  const [isAdding, setAdding] = useState(false);
  const [tested, setTested] = useState<EndpointRow>();
  const columns = useEndpointColumns();
  const flows = useFlows();
  const seen = useStatistics("day").data?.endpoints;
  const rows: EndpointRow[] | undefined = flows.data?.items.flatMap((flow) =>
    flow.endpoints.map((endpoint) => ({
      id: `${flow.name}/${endpoint.name}`,
      flow,
      endpoint,
      seen: seen?.find((each) => each.flow === flow.name && each.endpoint === endpoint.name),
    })),
  );
  const add = () => setAdding(true);
  const open = ({ flow, endpoint }: EndpointRow) =>
    void navigate({
      to: "/flows/$name",
      params: { name: flow.name },
      search: { node: `endpoint:${endpoint.name}` },
    });
  const menuOf = useEndpointMenu(open, setTested);
  useCommands([{ id: "endpoints.add", label: t("new.open"), Icon: IconWebhook, run: add }]);
  return (
    <>
      <CollectionPage
        title={t("room.title")}
        query={{
          data: rows && { items: rows },
          error: flows.error,
          refetch: () => void flows.refetch(),
        }}
        action={
          <Button variant="filled" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {t("new.open")}
          </Button>
        }
        empty={{
          Icon: IconWebhook,
          title: t("room.empty"),
          text: t("room.emptyText"),
        }}
      >
        {(items) => (
          <DataTable
            label={t("room.list")}
            rows={items}
            columns={columns}
            onOpen={open}
            empty={null}
            menuOf={menuOf}
          />
        )}
      </CollectionPage>
      {tested && (
        <Suspense>
          <SendTestDialog
            flow={tested.flow.name}
            endpoint={tested.endpoint.name}
            onClose={() => setTested(undefined)}
          />
        </Suspense>
      )}
      {isAdding && (
        <Suspense>
          <AddEndpoint flows={flows.data?.items ?? []} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
