/** The fields of a step, a task, an endpoint or an output: the known ones in words, the rest as JSON. */
import type { ReactNode } from "react";
import { CodeView, Facts } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, type Fields } from "./document";
import classes from "./FlowPage.module.css";
import type { NodeKind } from "./graph";
import { methodOf } from "./nodeLook";
import { Template } from "./Template";
import { usePartFacts } from "./partFacts";

/** Shown with the URL, or in the head. */
const SHOWN_APART = ["name", "kind", "method", "url", "headers", "body", "values", "code"];
/** Texts with expressions, each in a box of its own. */
const TEMPLATES = ["expression", "message", "until", "model", "prompt", "body_file"] as const;
const PAIRS = ["query", "cases"] as const;
/** JSON that a person wrote. */
const TREES = ["data", "messages", "multipart", "input", "schema"] as const;

export function PartFields({ kind, fields }: { kind: NodeKind; fields: Fields }) {
  const { t } = useTranslation(["flows", "parts"]);
  const { facts, told } = usePartFacts(kind, fields);
  const bodyIsText = typeof fields.body === "string";
  const isCode = text(fields.code) !== "";
  return (
    <>
      {fields.url !== undefined && (
        <Field title={t("flows:inspector.request")}>
          <div className={classes.box}>
            <span className="mono">{methodOf(fields)} </span>
            <Template text={text(fields.url)} />
          </div>
        </Field>
      )}
      <Status status={fields.status} />
      <Pairs title={t("flows:inspector.headers")} pairs={fields.headers} />
      <Pairs title={t("flows:inspector.values")} pairs={fields.values} />
      {PAIRS.map((key) => (
        <Pairs key={key} title={t(`parts:field.${key}`)} pairs={fields[key]} />
      ))}
      {TEMPLATES.map((key) => (
        <TemplateField key={key} title={t(`parts:field.${key}`)} value={fields[key]} />
      ))}
      {bodyIsText ? (
        <TemplateField
          title={t("flows:inspector.body")}
          hint={t("flows:inspector.bodyHint")}
          value={fields.body}
        />
      ) : (
        <Tree title={t("flows:inspector.body")} value={fields.body} />
      )}
      {TREES.map((key) => (
        <Tree key={key} title={t(`parts:field.${key}`)} value={fields[key]} />
      ))}
      {isCode && (
        <CodeView
          label={t("flows:kind.script")}
          text={text(fields.code)}
          language="plain"
          numbered
        />
      )}
      <Facts facts={facts} />
      <Tree
        title={t("flows:inspector.other")}
        value={restOf(fields, [...told, ...shownKeys(fields)])}
      />
    </>
  );
}

/** What has a field of its own above, as long as it has the shape that this field shows. */
function shownKeys(fields: Fields): string[] {
  const isText = (key: string) => typeof fields[key] === "string";
  return [
    ...SHOWN_APART,
    ...TEMPLATES.filter(isText),
    ...PAIRS.filter((key) => isFields(fields[key])),
    ...TREES,
    "status",
  ];
}

function restOf(fields: Fields, shown: string[]): Fields | undefined {
  const rest = Object.entries(fields).filter(([key]) => !shown.includes(key));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
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

function Status({ status }: { status: unknown }) {
  const { t } = useTranslation("parts");
  if (typeof status !== "number" && typeof status !== "string") return null;
  return (
    <Field title={t("field.status")}>
      <div className={classes.box}>
        <Template text={String(status)} />
      </div>
    </Field>
  );
}

function TemplateField({ title, hint, value }: { title: string; hint?: string; value: unknown }) {
  if (text(value) === "") return null;
  return (
    <Field title={title} {...(hint ? { hint } : {})}>
      <div className={classes.box} style={{ whiteSpace: "pre-wrap" }}>
        <Template text={text(value)} />
      </div>
    </Field>
  );
}

function Tree({ title, value }: { title: string; value: unknown }) {
  if (value === undefined) return null;
  return (
    <Field title={title}>
      <CodeView label={title} text={JSON.stringify(value, null, 2)} language="json" />
    </Field>
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
