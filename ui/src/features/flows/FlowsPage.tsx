import { Button } from "@mantine/core";
import { IconFileImport, IconRoute } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useFlows } from "@/api";
import { DataTable, EmptyState, ErrorPanel, Loading, PageHeader } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { ImportModal } from "./dialogs/ImportModal";
import { useFlowColumns } from "./flowColumns";

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const [importing, setImporting] = useState(false);
  const { data, error, refetch } = useFlows();
  const columns = useFlowColumns();
  const openImport = () => setImporting(true);
  useCommands([
    { id: "flows.import", label: t("command.import"), Icon: IconFileImport, run: openImport },
  ]);
  const importButton = (words: string) => (
    <Button
      variant="filled"
      leftSection={<IconFileImport size={16} aria-hidden />}
      onClick={openImport}
    >
      {words}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={data && data.items.length > 0 && importButton(t("import.action"))}
      />
      {error && !data ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <EmptyState
          Icon={IconRoute}
          title={t("empty.title")}
          text={t("empty.text")}
          action={importButton(t("empty.action"))}
        />
      ) : (
        <DataTable
          label={t("list")}
          rows={data.items}
          columns={columns}
          onOpen={({ name }) => void navigate({ to: "/flows/$name", params: { name } })}
          empty={null}
        />
      )}
      {importing && <ImportModal onClose={() => setImporting(false)} />}
    </>
  );
}
