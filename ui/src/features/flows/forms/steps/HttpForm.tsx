/** A call of somebody's URL. */
import { Button, NativeSelect } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { PairsTable } from "../fields/PairsTable";
import { StatusRangeField } from "../fields/StatusRangeField";
import type { PartFormProps } from "../types";
import { BodyField } from "./BodyField";
import { Fold } from "./Fold";
import { stepFields } from "./stepFields";
import own from "./Steps.module.css";
import { SwitchKey } from "./SwitchKey";
import { TemplateKey } from "./TemplateKey";

const CurlDialog = lazy(() => import("../curl/CurlDialog"));

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const MORE = ["success_statuses", "follow_redirects", "validate_ssl"];

export function HttpForm(props: PartFormProps) {
  const { context } = props;
  const { t } = useTranslation("forms");
  const [isPasting, setPasting] = useState(false);
  const step = stepFields(props);
  const { fields, set, wrong } = step;
  const method = text(fields.method) || "GET";
  return (
    <>
      {!context.isReadOnly && (
        <div>
          <Button
            leftSection={<IconTerminal2 size={16} aria-hidden />}
            onClick={() => setPasting(true)}
          >
            {t("http.curl")}
          </Button>
        </div>
      )}
      <div className={own.request}>
        <NativeSelect
          label={t("http.method")}
          data={METHODS.includes(method) ? METHODS : [method, ...METHODS]}
          value={method}
          error={wrong("method")}
          disabled={context.isReadOnly}
          onChange={(event) => set("method", event.currentTarget.value)}
        />
        <TemplateKey step={step} name="url" label={t("http.url")} place="url" context={context} />
      </div>
      <PairsTable
        label={t("http.query")}
        kind="query"
        place="value"
        value={fields.query}
        onChange={(query) => set("query", query)}
        context={context}
        error={wrong("query")}
      />
      <PairsTable
        label={t("http.headers")}
        kind="headers"
        place="header"
        value={fields.headers}
        onChange={(headers) => set("headers", headers)}
        context={context}
        error={wrong("headers")}
      />
      <BodyField step={step} context={context} isAnswer={false} />
      <Fold label={t("http.more")} isOpen={MORE.some((key) => fields[key] !== undefined)}>
        <StatusRangeField
          label={t("http.success")}
          description={t("http.successHint")}
          value={fields.success_statuses}
          onChange={(ranges) => set("success_statuses", ranges)}
          context={context}
          error={wrong("success_statuses")}
        />
        <SwitchKey
          step={step}
          name="follow_redirects"
          label={t("http.redirects")}
          isDefault={false}
          context={context}
        />
        <SwitchKey
          step={step}
          name="validate_ssl"
          label={t("http.ssl")}
          description={fields.validate_ssl === false ? t("http.sslOff") : undefined}
          isDefault
          context={context}
        />
      </Fold>
      {isPasting && (
        <Suspense>
          <CurlDialog
            fields={fields}
            onFields={(next) => step.setAll(next)}
            onClose={() => setPasting(false)}
          />
        </Suspense>
      )}
    </>
  );
}
