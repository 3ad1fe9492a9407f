/** What a pasted command says, in one line, and what of it is not taken over. */
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "@/i18n";
import own from "./Curl.module.css";
import type { CurlNote, CurlRequest } from "./request";

export function CurlSummary({ request }: { request: CurlRequest }) {
  const { t } = useTranslation("forms");
  const { method, url, headers, body, notes } = request;
  return (
    <section className={own.summary} aria-label={t("curl.found")} role="status">
      <p className="mono">
        <span className="strong">{method}</span> {shown(url)}
      </p>
      <p className="muted">
        {t("curl.headers", { count: headers.length })}, {bodyWords()}
      </p>
      {notes.map((note, at) => (
        <p key={at} className={own.note}>
          <IconInfoCircle size={14} aria-hidden />
          {noteWords(note)}
        </p>
      ))}
    </section>
  );

  function bodyWords(): string {
    if (!body) return t("curl.noBody");
    if (body.kind === "multipart") return t("curl.parts", { count: body.parts.length });
    return t("curl.textBody", { count: body.text.length });
  }

  function noteWords(note: CurlNote): string {
    switch (note.kind) {
      case "file":
        return t("curl.note.file", { name: note.name });
      case "urls":
        return t("curl.note.urls", { count: note.count });
      case "option":
        return t("curl.note.option", { name: note.name });
      case "headers":
        return t("curl.note.headers", { names: note.names.join(", ") });
    }
  }
}

/** A query may hold keys: it is pasted text already, but need not be shown twice. */
function shown(url: string): string {
  const at = url.indexOf("?");
  return at === -1 ? url : `${url.slice(0, at)}?…`;
}
