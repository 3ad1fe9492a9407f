/** Programs that send a first message to an endpoint, signed as it wants it, to copy. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CodeView, CopyButton } from "@/design";
import type { Fields } from "@/features/flows/document";
import { useTranslation } from "@/i18n";
import own from "./Endpoints.module.css";
import { messageTo } from "./message";
import { LANGUAGES, snippetIn, type Language } from "./snippets";

const TITLES: Record<Language, string> = {
  curl: "cURL",
  javascript: "JavaScript",
  python: "Python",
};

export function SnippetPanel({ fields, url }: { fields: Fields; url: string }) {
  const { t } = useTranslation("ways");
  const [language, setLanguage] = useState<Language>("curl");
  const message = messageTo(fields, url);
  const code = snippetIn(language, message);
  const names = message.credentials.some((each) => "secret" in each);
  return (
    <details className={own.fold}>
      <summary>{t("snippet.title")}</summary>
      <div className={own.bar}>
        <SegmentedControl
          aria-label={t("snippet.language")}
          data={LANGUAGES.map((value) => ({ value, label: TITLES[value] }))}
          value={language}
          onChange={(next) => setLanguage(next as Language)}
        />
        {code !== null && (
          <CopyButton text={code} label={t("snippet.copy", { language: TITLES[language] })} />
        )}
      </div>
      {code === null ? (
        <p className="muted">{t("snippet.program")}</p>
      ) : (
        <div className={own.code}>
          <CodeView
            label={t("snippet.in", { language: TITLES[language] })}
            text={code}
            language="plain"
          />
        </div>
      )}
      {names && <p className="faint">{t("snippet.secrets")}</p>}
    </details>
  );
}
