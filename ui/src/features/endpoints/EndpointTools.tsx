/** What can be done with an endpoint beside its document: try it, and hand it out. */
import { Button } from "@mantine/core";
import { IconFileText, IconSend } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useCopy } from "@/design";
import { text, type Fields } from "@/features/flows/document";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import { endpointDocumentation } from "./documentation";
import own from "./Endpoints.module.css";
import { SnippetPanel } from "./SnippetPanel";

const SendTestDialog = lazy(() => import("@/features/sending/SendTestDialog"));

interface EndpointToolsProps {
  flow: string;
  fields: Fields;
  url: string;
  /** It takes requests. */
  isPublished: boolean;
}

export function EndpointTools({ flow, fields, url, isPublished }: EndpointToolsProps) {
  const { t } = useTranslation(["ways", "common"]);
  const [isSending, setSending] = useState(false);
  const { copied, copy } = useCopy();
  const send = () => setSending(true);
  const document = () => void copy(() => endpointDocumentation(t as never, fields, url));
  useCommands([
    ...(isPublished
      ? [{ id: "endpoint.send", label: t("ways:send.open"), Icon: IconSend, run: send }]
      : []),
    { id: "endpoint.docs", label: t("ways:docs.copy"), Icon: IconFileText, run: document },
  ]);
  return (
    <>
      <div className={own.links}>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={!isPublished}
          onClick={send}
        >
          {t("ways:send.open")}
        </Button>
        <Button
          variant="subtle"
          leftSection={<IconFileText size={16} aria-hidden />}
          onClick={document}
        >
          {copied ? t("common:copy.done") : t("ways:docs.copy")}
        </Button>
      </div>
      {!isPublished && <p className="faint">{t("ways:send.afterPublishing")}</p>}
      <SnippetPanel fields={fields} url={url} />
      {isSending && (
        <Suspense>
          <SendTestDialog
            flow={flow}
            endpoint={text(fields.name)}
            onClose={() => setSending(false)}
          />
        </Suspense>
      )}
    </>
  );
}
