import type { RequestDetail } from "@/api";
import { formatBytes, HttpMessage } from "@/design";
import { useTranslation } from "@/i18n";
import { isUnread } from "./isUnread";
import classes from "./Requests.module.css";

interface PartProps {
  request: RequestDetail;
}

export function HeadersTab({ request: { headers } }: PartProps) {
  const { t } = useTranslation("requests");
  if (headers.length === 0) return <p className="muted">{t("noHeaders")}</p>;
  return (
    <table className={classes.headers}>
      <thead className="sr-only">
        <tr>
          <th scope="col">{t("headerName")}</th>
          <th scope="col">{t("headerValue")}</th>
        </tr>
      </thead>
      <tbody>
        {headers.map(({ name, value }, at) => (
          <tr key={at}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="mono">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RawTab({ request }: PartProps) {
  const { t } = useTranslation(["requests", "common"]);
  const { body, body_bytes } = request;
  const isBinary = body.text === null && body.base64 !== null;
  const size = formatBytes(body_bytes);
  const cut = body.truncated ? t("common:body.cut", { size }) : undefined;
  const absent = isUnread(request) ? t("requests:unreadBody") : cut;
  return (
    <>
      <div className={classes.bodyHead} />
      <HttpMessage
        label={t("requests:tabs.raw")}
        url={`${request.method} ${request.path} HTTP/1.1`}
        headers={request.headers}
        body={body.text}
        asSent
        note={isBinary ? t("common:body.binary", { size }) : absent}
      />
    </>
  );
}
