import type { RequestDetail } from "@/api";
import { CodeView, CopyButton, formatBytes, HttpMessage, Pill } from "@/design";
import { useTranslation } from "@/i18n";
import { isUnread } from "./isUnread";
import { RequestFiles } from "./RequestFiles";
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

export function BodyTab({ request }: PartProps) {
  const { t } = useTranslation(["requests", "common"]);
  const { body, body_bytes, body_sha256, content_type } = request;
  const text = body.text ?? hexDump(body.base64);
  if (isUnread(request)) {
    return <p className={`muted ${classes.unread}`}>{t("requests:unreadBody")}</p>;
  }
  return (
    <>
      <div className={classes.bodyHead}>
        <Pill tone="idle">{t(`requests:bodyKind.${body.kind}`)}</Pill>
        <span className="muted">
          {[content_type, formatBytes(body_bytes)].filter(Boolean).join(" · ")}
        </span>
        {text && (
          <CopyButton text={body.text ?? body.base64 ?? ""} label={t("requests:copyBody")} />
        )}
      </div>
      {text ? (
        <CodeView
          label={t("requests:tabs.body")}
          text={text}
          language={body.kind === "json" ? "auto" : "plain"}
        />
      ) : (
        request.files.length === 0 && (
          <p className="muted">
            {t(body_bytes === 0 ? "requests:emptyBody" : "requests:notStored")}
          </p>
        )
      )}
      {body.truncated && (
        <p className="faint">{t("common:body.cut", { size: formatBytes(body_bytes) })}</p>
      )}
      {request.files.length > 0 && <RequestFiles request={request} />}
      {body_sha256 && (
        <p className={`faint ${classes.hash}`}>
          {t("requests:sha256")} <span className="mono">{body_sha256}</span>
        </p>
      )}
    </>
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

const HEX_ROW_BYTES = 16;

/** Bytes that are no text, sixteen a line: offset, hexadecimal, and what is readable of them. */
function hexDump(base64: string | null): string | null {
  if (!base64) return null;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += HEX_ROW_BYTES) {
    const row = [...bytes.slice(at, at + HEX_ROW_BYTES)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${letters}`);
  }
  return lines.join("\n");
}
