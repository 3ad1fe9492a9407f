/** Two states of a flow compared: as a list, as a drawing, as documents; an earlier one can become the draft again. */
import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useFlowVersion, type FlowDetail } from "@/api";
import { Dialog, ErrorPanel, Loading, notify } from "@/design";
import form from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import type { Fields } from "../../document";
import { layoutOf, withLayout } from "../commands";
import { useEditor, useEditorState } from "../draft/useSession";
import { ChangeList } from "./ChangeList";
import { changesBetween, documentText, markedGraph } from "./changes";
import { Diff } from "./Diff";
import classes from "./Compare.module.css";

const FlowCanvas = lazy(() => import("../../canvas/FlowCanvas"));

const DRAFT = "draft";
const HEIGHT_PX = 680;
const VIEWS = ["asList", "asDrawing", "asDocument"] as const;
type View = (typeof VIEWS)[number];

export default function CompareDialog({
  flow,
  onClose,
}: {
  flow: FlowDetail;
  onClose: () => void;
}) {
  const { t } = useTranslation("editor");
  const [left, setLeft] = useState(String(flow.version ?? DRAFT));
  const [right, setRight] = useState(DRAFT);
  const [view, setView] = useState<View>("asList");
  const before = useDocument(flow, left);
  const after = useDocument(flow, right);
  const error = before.error ?? after.error;
  if (flow.versions.length === 0) {
    return (
      <Dialog title={t("compare.title", { name: flow.title })} onClose={onClose}>
        <p className="muted">{t("compare.none")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("compare.title", { name: flow.title })}
      onClose={onClose}
      width={980}
      height={HEIGHT_PX}
    >
      <div className={form.form}>
        <div className={classes.choose}>
          <VersionSelect flow={flow} label={t("compare.before")} value={left} onChange={setLeft} />
          <VersionSelect flow={flow} label={t("compare.after")} value={right} onChange={setRight} />
          <SegmentedControl
            aria-label={t("compare.show")}
            value={view}
            onChange={(next) => setView(next as View)}
            data={VIEWS.map((value) => ({ value, label: t(`compare.${value}`) }))}
          />
        </div>
        {error ? (
          <ErrorPanel error={error} inline />
        ) : before.document && after.document ? (
          <Compared before={before.document} after={after.document} view={view} />
        ) : (
          <Loading />
        )}
        <Restore version={left} document={before.document} onClose={onClose} />
      </div>
    </Dialog>
  );
}

function useDocument(flow: FlowDetail, chosen: string) {
  const draft = useEditorState((state) => state.document);
  const version = chosen === DRAFT ? undefined : Number(chosen);
  const { data, error } = useFlowVersion(flow.name, version);
  const document: Fields | undefined = version === undefined ? draft : data?.document;
  return { document, error };
}

interface VersionSelectProps {
  flow: FlowDetail;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function VersionSelect({ flow, label, value, onChange }: VersionSelectProps) {
  const { t } = useTranslation("editor");
  const versions = flow.versions.map(({ version }) => ({
    value: String(version),
    label: t("compare.version", { version }),
  }));
  return (
    <NativeSelect
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: DRAFT, label: t("compare.draft") }, ...versions]}
    />
  );
}

interface ComparedProps {
  before: Fields;
  after: Fields;
  view: View;
}

function Compared({ before, after, view }: ComparedProps) {
  const { t } = useTranslation("editor");
  const [selected, setSelected] = useState<readonly string[]>([]);
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <p className="muted">{t("compare.same")}</p>;
  if (view === "asList") return <ChangeList changes={changes} />;
  if (view === "asDocument") {
    return (
      <Diff label={t("compare.diff")} before={documentText(before)} after={documentText(after)} />
    );
  }
  return (
    <div className={classes.drawing}>
      <Suspense fallback={<Loading />}>
        <FlowCanvas {...markedGraph(before, after)} selected={selected} onSelect={setSelected} />
      </Suspense>
    </div>
  );
}

interface RestoreProps {
  version: string;
  document: Fields | undefined;
  onClose: () => void;
}

function Restore({ version, document, onClose }: RestoreProps) {
  const { t } = useTranslation("editor");
  const session = useEditor();
  const draft = useEditorState((state) => state.document);
  if (version === DRAFT || !document) return null;
  const isSame = changesBetween(document, draft).length === 0;

  function restore() {
    session.run({ label: "restore", names: { version } }, (before) =>
      withLayout(document ?? before, layoutOf(before)),
    );
    notify({ message: t("compare.restored", { version }), tone: "good" });
    onClose();
  }

  return (
    <div className={`${form.buttons} ${form.bottom}`}>
      <Button
        variant="filled"
        disabled={isSame}
        title={isSame ? t("compare.restoreSame") : undefined}
        onClick={restore}
      >
        {t("compare.restore", { version })}
      </Button>
    </div>
  );
}
