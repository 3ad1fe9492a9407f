/** What a sender of this endpoint needs: its URLs, and a command that sends a first request. */
import { Suspense } from "react";
import type { EndpointSummary, EndpointUrl, FlowDetail } from "@/api";
import { CodeView, CopyButton, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "../FlowPage.module.css";
import { endpointCurl } from "../snippet";
import { EndpointAliases } from "./EndpointAliases";
import { EndpointTokens } from "./EndpointTokens";
import own from "./Panels.module.css";

export function EndpointPanel({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation(["flows", "parts"]);
  const endpoint = flow.endpoints.find((each) => each.name === name);
  if (!endpoint) return <p className="muted">{t("flows:inspector.urlDraft")}</p>;
  const curl = endpointCurl(endpoint);
  return (
    <>
      <Urls endpoint={endpoint} isPublished={flow.version !== null} />
      {flow.version !== null && (
        <Suspense fallback={<Loading />}>
          <EndpointTokens flow={flow.name} endpoint={name} />
          <EndpointAliases flow={flow.name} endpoint={name} />
        </Suspense>
      )}
      <section className={classes.field}>
        <h3>
          {t("flows:inspector.curl")}
          <CopyButton text={curl} label={t("flows:inspector.copyCurl")} />
        </h3>
        <CodeView label={t("flows:inspector.curl")} text={curl} language="plain" />
      </section>
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
