/** What a sender of this endpoint needs: its URLs, a first message, and whether it can be reached from outside. */
import { Suspense } from "react";
import type { EndpointSummary, EndpointUrl, FlowDetail } from "@/api";
import { CopyButton, Loading } from "@/design";
import { EndpointTools } from "@/features/endpoints/EndpointTools";
import { PublicUrlCheck } from "@/features/endpoints/PublicUrlCheck";
import { useTranslation } from "@/i18n";
import { partsOf } from "../document";
import classes from "../FlowPage.module.css";
import { EndpointAliases } from "./EndpointAliases";
import { EndpointTokens } from "./EndpointTokens";
import own from "./Panels.module.css";

export function EndpointPanel({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation(["flows", "parts"]);
  const endpoint = flow.endpoints.find((each) => each.name === name);
  if (!endpoint) return <p className="muted">{t("flows:inspector.urlDraft")}</p>;
  const fields = partsOf(flow.document).endpoints.find((each) => each.name === name)?.fields;
  return (
    <>
      <Urls endpoint={endpoint} isPublished={flow.version !== null} />
      {flow.version !== null && (
        <Suspense fallback={<Loading />}>
          <EndpointTokens flow={flow.name} endpoint={name} />
          <EndpointAliases flow={flow.name} endpoint={name} />
        </Suspense>
      )}
      {fields && (
        <Suspense fallback={<Loading />}>
          <EndpointTools
            flow={flow.name}
            fields={fields}
            url={endpoint.url}
            isPublished={flow.version !== null}
          />
        </Suspense>
      )}
      <PublicUrlCheck />
    </>
  );
}

interface UrlsProps {
  endpoint: EndpointSummary;
  isPublished: boolean;
}

function Urls({ endpoint: { urls }, isPublished }: UrlsProps) {
  const { t } = useTranslation(["flows", "parts"]);
  const hasKey = urls.some(({ url }) => url.includes("YOUR_KEY"));
  return (
    <section className={classes.field}>
      <h3>{t("parts:urls.title")}</h3>
      <ul className={own.list} aria-label={t("parts:urls.title")}>
        {urls.map((each) => (
          <Url key={each.kind} url={each} />
        ))}
      </ul>
      {hasKey && <p className={classes.hint}>{t("flows:inspector.urlHint")}</p>}
      <p className={classes.hint}>
        {t(isPublished ? "parts:urls.same" : "flows:inspector.urlDraft")}
      </p>
    </section>
  );
}

function Url({ url: { kind, url } }: { url: EndpointUrl }) {
  const { t } = useTranslation("parts");
  const words = t(`urls.${kind}`);
  return (
    <li className={own.item}>
      <div className={own.words}>
        <div className={own.caption}>{words}</div>
        <div className={`mono ${own.url}`}>{url}</div>
      </div>
      <CopyButton text={url} label={t("urls.copy", { kind: words })} />
    </li>
  );
}
