/** The fields of a step, a task, an endpoint or an output: the known ones in words, the rest as JSON. */
import type { ReactNode } from "react";
import { CodeView, Facts } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "./document";
import classes from "./FlowPage.module.css";
import type { NodeKind } from "./graph";
import { Template } from "./Template";
import { usePartFacts } from "./partFacts";

const SHOWN_APART = new Set(["name", "kind", "method", "url", "headers", "body", "values", "code"]);

export function PartFields({ kind, fields }: { kind: NodeKind; fields: Fields }) {
  const { t } = useTranslation("flows");
  const { facts, told } = usePartFacts(kind, fields);
  const rest = Object.entries(fields).filter(
    ([key]) => !SHOWN_APART.has(key) && !told.includes(key),
  );
  return (
    <>
      {fields.url !== undefined && (
        <Field title={t("inspector.request")}>
          <div className={classes.box}>
            <span className="mono">{text(fields.method) || "GET"} </span>
            <Template text={text(fields.url)} />
          </div>
        </Field>
      )}
      <Pairs title={t("inspector.headers")} pairs={fields.headers} />
      <Pairs title={t("inspector.values")} pairs={fields.values} />
      {text(fields.body) !== "" && (
        <Field title={t("inspector.body")} hint={t("inspector.bodyHint")}>
          <div className={classes.box} style={{ whiteSpace: "pre-wrap" }}>
            <Template text={text(fields.body)} />
          </div>
        </Field>
      )}
      {text(fields.code) !== "" && (
        <CodeView label={t("kind.script")} text={text(fields.code)} language="plain" />
      )}
      <Facts facts={facts} />
      {rest.length > 0 && (
        <Field title={t("inspector.other")}>
          <CodeView
            label={t("inspector.other")}
            text={JSON.stringify(Object.fromEntries(rest), null, 2)}
            language="json"
          />
        </Field>
      )}
    </>
  );
}

interface FieldProps {
  title: string;
  hint?: string;
  children: ReactNode;
}

function Field({ title, hint, children }: FieldProps) {
  return (
    <div className={classes.field}>
      <h3>
        {title}
        {hint && <span className="faint">{hint}</span>}
      </h3>
      {children}
    </div>
  );
}

function Pairs({ title, pairs }: { title: string; pairs: unknown }) {
  if (!isFields(pairs) || Object.keys(pairs).length === 0) return null;
  return (
    <Field title={title}>
      <dl className={classes.rows}>
        {Object.entries(pairs).map(([name, value]) => (
          <div key={name}>
            <dt className="mono">{name}</dt>
            <dd>
              <Template text={typeof value === "string" ? value : JSON.stringify(value)} />
            </dd>
          </div>
        ))}
      </dl>
    </Field>
  );
}
