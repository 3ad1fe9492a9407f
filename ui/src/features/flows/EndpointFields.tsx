import type { FlowDetail } from "@/api";
import { CodeView, CopyButton } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./FlowPage.module.css";
import { endpointCurl } from "./snippet";

/** What a sender needs: the URL, and a command that sends a first request. */
export function EndpointFields({ flow, name }: { flow: FlowDetail; name: string }) {
  const { t } = useTranslation("flows");
  const endpoint = flow.endpoints.find((each) => each.name === name);
  if (!endpoint) return <p className="muted">{t("inspector.urlDraft")}</p>;
  const curl = endpointCurl(endpoint);
  return (
    <>
      <div className={classes.field}>
        <h3>
          {t("inspector.url")}
          <CopyButton text={endpoint.url} label={t("inspector.copyUrl")} />
        </h3>
        <div className={`mono ${classes.box}`}>{endpoint.url}</div>
        {endpoint.url.includes("YOUR_KEY") && (
          <p className={classes.hint}>{t("inspector.urlHint")}</p>
        )}
        {flow.version === null && <p className={classes.hint}>{t("inspector.urlDraft")}</p>}
      </div>
      <div className={classes.field}>
        <h3>
          {t("inspector.curl")}
          <CopyButton text={curl} label={t("inspector.copyCurl")} />
        </h3>
        <CodeView label={t("inspector.curl")} text={curl} language="plain" />
      </div>
    </>
  );
}
