/** What publishing would change, what stands in its way, and the button that does it. */
import { Button } from "@mantine/core";
import { IconCloudUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ApiError, publishFlow, useFlowVersion, type FlowDetail, type Problem } from "@/api";
import { Dialog, ErrorPanel, Loading, useAction } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import type { Fields } from "../../document";
import { graphOf, nodeOfPlace } from "../../graph";
import { ProblemRow } from "../../ProblemRow";
import { ChangeList } from "../compare/ChangeList";
import { changesBetween, documentText } from "../compare/changes";
import { Diff } from "../compare/Diff";
import { ConflictError } from "../draft/session";
import { useEditor, useEditorState } from "../draft/useSession";
import { FLOW_ID } from "../room/actions";
import { useRoom } from "../room/ask";

/** With some changes and problems; the whole document is looked at by scrolling. */
const HEIGHT_PX = 560;

export function PublishDialog({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const { t } = useTranslation(["editor", "flows", "common"]);
  const session = useEditor();
  const room = useRoom();
  const problems = useEditorState((state) => state.problems);
  const publish = useAction({
    run: async () => {
      await session.flush().catch((error: unknown) => {
        if (error instanceof ConflictError) room.setState({ ask: { kind: "conflict" } });
        throw error;
      });
      return publishFlow(flow.name);
    },
    stale: () => ["flows", `flow:${flow.name}`, "status"],
    done: (_, { version }) => t("flows:publish.done", { version }),
    onDone: onClose,
    quiet: true,
  });
  const refused = publish.error instanceof ApiError ? publish.error.problems : [];
  const shown = refused.length > 0 ? refused : problems;
  const errors = shown.filter(({ severity }) => severity === "error");

  return (
    <Dialog
      title={t("editor:publish.title", { name: flow.title })}
      onClose={onClose}
      width={640}
      // A first version is compared with nothing.
      {...(flow.version === null ? {} : { height: HEIGHT_PX })}
    >
      <div className={form.form}>
        <Changes flow={flow} />
        <ProblemList problems={errors} title={t("editor:publish.errors")} onClose={onClose} />
        <ProblemList
          problems={shown.filter(({ severity }) => severity !== "error")}
          title={t("editor:publish.warnings")}
          onClose={onClose}
        />
        {publish.error && refused.length === 0 && <ErrorPanel error={publish.error} inline />}
        <div className={`${form.buttons} ${form.bottom}`}>
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button
            variant="filled"
            data-autofocus
            leftSection={<IconCloudUpload size={16} aria-hidden />}
            loading={publish.isPending}
            disabled={errors.length > 0}
            onClick={() => publish.mutate()}
          >
            {t("editor:publish.submit")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Changes({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("editor");
  const after = useEditorState((state) => state.document);
  const { data, error } = useFlowVersion(flow.name, flow.version ?? undefined);
  if (flow.version === null) return <p className="muted">{t("publish.first")}</p>;
  if (error) return <ErrorPanel error={error} inline />;
  if (!data) return <Loading />;
  return <Since version={flow.version} before={data.document} after={after} />;
}

function Since({ version, before, after }: { version: number; before: Fields; after: Fields }) {
  const { t } = useTranslation("editor");
  const [isOpen, setOpen] = useState(false);
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <p className="muted">{t("publish.nothing", { version })}</p>;
  return (
    <>
      <p className="muted">{t("publish.since", { version })}</p>
      <ChangeList changes={changes} />
      <div>
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? "publish.hideDocument" : "publish.document")}
        </Button>
      </div>
      {isOpen && (
        <Diff label={t("compare.diff")} before={documentText(before)} after={documentText(after)} />
      )}
    </>
  );
}

interface ProblemListProps {
  problems: Problem[];
  title: string;
  onClose: () => void;
}

/** Each leads to its place. */
function ProblemList({ problems, title, onClose }: ProblemListProps) {
  const session = useEditor();
  const document = useEditorState((state) => state.document);
  if (problems.length === 0) return null;
  const graph = graphOf(document, []);
  return (
    <section className={form.problems} aria-label={title} tabIndex={0}>
      <p className="strong">{title}</p>
      {problems.map((problem) => (
        <ProblemRow
          key={problem.place + problem.code}
          problem={problem}
          onGo={() => {
            session.select([nodeOfPlace(graph, problem.place) ?? FLOW_ID]);
            onClose();
          }}
        />
      ))}
    </section>
  );
}
