import { Button, Group } from "@mantine/core";
import { IconFileImport, IconRoute } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useFlows } from "@/api";
import { DataTable, EmptyState, ErrorPanel, Loading, PageHeader } from "@/design";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import example from "./example.json";
import { ImportModal } from "./dialogs/ImportModal";
import { useFlowColumns } from "./flowColumns";

const EXAMPLE = JSON.stringify(example, null, 2);

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const [importing, setImporting] = useState<"paste" | "example">();
  const { data, error, refetch } = useFlows();
  const columns = useFlowColumns();
  const openImport = () => setImporting("paste");
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
          action={
            <Group gap={8}>
              {importButton(t("empty.action"))}
              <Button onClick={() => setImporting("example")}>{t("empty.example")}</Button>
            </Group>
          }
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
      {importing && (
        <ImportModal
          {...(importing === "example" ? { initial: EXAMPLE } : {})}
          onClose={() => setImporting(undefined)}
        />
      )}
    </>
  );
}
