import { Button, Group } from "@mantine/core";
import { IconFileImport, IconPlus, IconRoute } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFlows, type FlowSummary } from "@/api";
import { DataTable } from "@/design";
import { usePending } from "@/design/undoable";
import { CollectionPage } from "@/features/lists/CollectionPage";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import example from "./example.json";
import { useFlowColumns } from "./flowColumns";
import { useFlowMenu } from "./flowMenu";

const CopyFlowModal = lazy(async () => ({
  default: (await import("./dialogs/CopyFlowModal")).CopyFlowModal,
}));
const DeleteFlowModal = lazy(async () => ({
  default: (await import("./dialogs/DeleteFlowModal")).DeleteFlowModal,
}));
const ImportModal = lazy(() => import("./dialogs/ImportModal"));
const NewFlowModal = lazy(() => import("./dialogs/NewFlowModal"));
const EXAMPLE = JSON.stringify(example, null, 2);

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const [importing, setImporting] = useState<"paste" | "example">();
  const [isCreating, setCreating] = useState(false);
  const [asked, setAsked] = useState<{ flow: FlowSummary; to: "copy" | "delete" }>();
  const menuOf = useFlowMenu({
    onCopy: (flow) => setAsked({ flow, to: "copy" }),
    onDelete: (flow) => setAsked({ flow, to: "delete" }),
  });
  const create = () => setCreating(true);
  const columns = useFlowColumns();
  const isPending = usePending("flow");
  const openImport = () => setImporting("paste");
  useCommands([
    { id: "flows.create", label: t("command.create"), Icon: IconPlus, run: create },
    { id: "flows.import", label: t("command.import"), Icon: IconFileImport, run: openImport },
  ]);
  const importButton = (words: string) => (
    <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={openImport}>
      {words}
    </Button>
  );
  const createButton = (
    <Button variant="filled" leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t("create")}
    </Button>
  );
  return (
    <>
      <CollectionPage
        title={t("title")}
        query={useFlows()}
        action={
          <Group gap={8} wrap="nowrap">
            {importButton(t("import.action"))}
            {createButton}
          </Group>
        }
        empty={{
          Icon: IconRoute,
          title: t("empty.title"),
          text: t("empty.text"),
          action: (
            <Group gap={8}>
              {createButton}
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
            menuOf={menuOf}
          />
        )}
      </CollectionPage>
      {asked && (
        <Suspense>
          {asked.to === "copy" ? (
            <CopyFlowModal flow={asked.flow} onClose={() => setAsked(undefined)} />
          ) : (
            <DeleteFlowModal flow={asked.flow} onClose={() => setAsked(undefined)} />
          )}
        </Suspense>
      )}
      {isCreating && (
        <Suspense>
          <NewFlowModal onClose={() => setCreating(false)} />
        </Suspense>
      )}
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
