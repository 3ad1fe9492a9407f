import { Button, Group } from "@mantine/core";
import { IconFileImport, IconRoute } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFlows } from "@/api";
import { DataTable } from "@/design";
import { usePending } from "@/design/undoable";
import { CollectionPage } from "@/features/lists/CollectionPage";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import example from "./example.json";
import { useFlowColumns } from "./flowColumns";

const ImportModal = lazy(() => import("./dialogs/ImportModal"));
const EXAMPLE = JSON.stringify(example, null, 2);

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const [importing, setImporting] = useState<"paste" | "example">();
  const columns = useFlowColumns();
  const isPending = usePending("flow");
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
      <CollectionPage
        title={t("title")}
        query={useFlows()}
        action={importButton(t("import.action"))}
        empty={{
          Icon: IconRoute,
          title: t("empty.title"),
          text: t("empty.text"),
          action: (
            <Group gap={8}>
              {importButton(t("empty.action"))}
              <Button onClick={() => setImporting("example")}>{t("empty.example")}</Button>
            </Group>
          ),
        }}
      >
        {(flows) => (
          <DataTable
            label={t("list")}
            rows={flows.filter(({ name }) => !isPending(name))}
            columns={columns}
            onOpen={({ name }) => void navigate({ to: "/flows/$name", params: { name } })}
            empty={null}
          />
        )}
      </CollectionPage>
      {importing && (
        <Suspense>
          <ImportModal
            {...(importing === "example" ? { initial: EXAMPLE } : {})}
            onClose={() => setImporting(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
