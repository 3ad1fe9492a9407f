/** What a step waits for: each step with the exit codes, more to choose from, and none if it starts with the job. */
import { NativeSelect } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Problem } from "@/api";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import { edgesOf, text, type Edge, type Fields } from "../../document";
import { find, nextCodes, partsIn, refusal } from "../../editor/commands";
import { withEdge } from "../../editor/commands/edges";
import { CodesField } from "../../editor/dialogs/CodesField";
import type { FormContext } from "../types";
import classes from "./Part.module.css";
import { problemAt } from "./problems";

interface AfterListProps {
  fields: Fields;
  context: FormContext;
  problems: Problem[];
  onChange: (fields: Fields) => void;
}

export function AfterList({ fields, context, problems, onChange }: AfterListProps) {
  const { t } = useTranslation("editor");
  const name = text(fields.name);
  const edges = edgesOf({ name, place: context.place, fields });
  const steps = partsIn(context.document).filter(({ kind }) => kind === "step");
  const own = steps.find((step) => step.name === name);
  const waiting = new Set(edges.map(({ step }) => step));
  const others = steps.filter(
    (step) => own && !waiting.has(step.name) && refusal(context.document, step.id, own.id) === null,
  );
  const wrong = problemAt(problems, context.place, "after");

  function add(id: string) {
    const step = find(context.document, id);
    if (step) onChange(withEdge(fields, step.name, nextCodes(context.document, step)));
  }

  return (
    <section className={classes.after} aria-label={t("form.after")}>
      <h3>{t("form.after")}</h3>
      {edges.length === 0 && <p className="muted">{t("form.afterNothing")}</p>}
      {edges.map((edge) => (
        <EdgeRow
          key={edge.step}
          edge={edge}
          from={steps.find(({ name: each }) => each === edge.step)?.fields ?? {}}
          isReadOnly={context.isReadOnly}
          onChange={(on) => onChange(withEdge(fields, edge.step, on))}
        />
      ))}
      {wrong && (
        <p className={classes.wrong} role="note">
          {wrong}
        </p>
      )}
      {!context.isReadOnly && others.length > 0 && (
        <NativeSelect
          aria-label={t("form.connectFrom")}
          value=""
          onChange={(event) => add(event.currentTarget.value)}
        >
          <option value="">{t("form.connectFrom")}</option>
          {others.map(({ id, name: each }) => (
            <option key={id} value={id}>
              {each}
            </option>
          ))}
        </NativeSelect>
      )}
    </section>
  );
}

interface EdgeRowProps {
  edge: Edge;
  from: Fields;
  isReadOnly: boolean;
  onChange: (on: string[]) => void;
}

function EdgeRow({ edge, from, isReadOnly, onChange }: EdgeRowProps) {
  const { t } = useTranslation("editor");
  return (
    <div className={classes.edge} role="group" aria-label={edge.step}>
      <div className={classes.edgeHead}>
        <span className="mono">{edge.step}</span>
        {!isReadOnly && (
          <IconAction
            Icon={IconX}
            label={t("form.takeOut", { name: edge.step })}
            onClick={() => onChange([])}
          />
        )}
      </div>
      <CodesField
        step={from}
        value={edge.on}
        isReadOnly={isReadOnly}
        // An edge on nothing would be none: it is taken out by its own button.
        onChange={(on) => on.length > 0 && onChange(on)}
      />
    </div>
  );
}
