/** What a part had in a job: a step what it was given and left, a trigger what came in, an output its result. */
import { CodeView, CopyButton } from "@/design";
import type { JobDetail } from "@/api";
import { StepDetail } from "@/features/jobs/StepDetail";
import { loadTexts, useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../../FlowPage.module.css";
import type { GraphNode } from "../../graph";

loadTexts("jobs");

export default function JobData({ job, node }: { job: JobDetail; node: GraphNode }) {
  const { t } = useTranslation("editor");
  const name = node.kind === "output" ? text(node.part?.fields.step) : (node.part?.name ?? "");
  const step = job.steps.find((each) => each.name === name);
  if (node.kind === "step" || node.kind === "output") {
    return step ? <StepDetail step={step} /> : <p className="muted">{t("job.none")}</p>;
  }
  const memory = JSON.stringify(job.memory, null, 2);
  return (
    <section className={classes.field}>
      <h3>
        {t("job.memory")}
        <CopyButton text={memory} label={t("job.memory")} />
      </h3>
      <CodeView label={t("job.memory")} text={memory} language="json" />
    </section>
  );
}
