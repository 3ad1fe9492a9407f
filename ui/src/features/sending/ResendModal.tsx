/** A stored request, edited and sent to its endpoint again, signed anew. */
import { useEffect, useMemo, useState } from "react";
import { useRawBody, type RequestDetail } from "@/api";
import { Dialog, ErrorPanel, formatBytes, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { leftOut, messageOf, toSend } from "./message";
import { MessageForm, SIZE_PX } from "./MessageForm";

interface ResendModalProps {
  request: RequestDetail;
  onClose: () => void;
}

export default function ResendModal({ request, onClose }: ResendModalProps) {
  const { t } = useTranslation("requests");
  // What is no text is not shown, so it need not be read.
  const isCut = request.body.truncated && request.body.text !== null;
  const raw = useRawBody(request.id, isCut);
  const isReady = !isCut || raw.data !== undefined;
  const [isUnsaved, setUnsaved] = useState(false);
  return (
    <Dialog title={t("resend.title")} onClose={onClose} unsaved={isUnsaved} {...SIZE_PX}>
      {isReady ? (
        <Editor request={request} raw={raw.data} onUnsaved={setUnsaved} onClose={onClose} />
      ) : raw.error ? (
        <ErrorPanel error={raw.error} onRetry={() => void raw.refetch()} inline />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

interface EditorProps extends ResendModalProps {
  raw: Uint8Array | undefined;
  onUnsaved: (isUnsaved: boolean) => void;
}

function Editor({ request, raw, onUnsaved, onClose }: EditorProps) {
  const { t } = useTranslation(["requests", "ways"]);
  const { body } = request;
  const text = useMemo(
    () => (raw ? new TextDecoder().decode(raw) : (body.text ?? "")),
    [raw, body],
  );
  const [first] = useState(() => messageOf(request, text));
  const [message, setMessage] = useState(first);
  // What was sent is stored as a request: closing loses nothing.
  const [saved, setSaved] = useState(first);
  const isBinary = body.text === null && body.base64 !== null;
  const without = leftOut(request);
  const isUnsaved = message !== saved;
  useEffect(() => onUnsaved(isUnsaved), [isUnsaved, onUnsaved]);
  return (
    <MessageForm
      message={message}
      onChange={setMessage}
      toBody={(edited) =>
        toSend(edited, { requestId: request.id, keepsBody: edited.body === first.body })
      }
      above={
        <p className="muted">
          {t("requests:resend.text", { endpoint: request.endpoint })}
          {without.length > 0 && ` ${t("requests:resend.leftOut", { names: without.join(", ") })}`}
        </p>
      }
      submit={t("requests:resend.submit")}
      headersHint={t("ways:send.maskedHint")}
      onSent={() => setSaved(message)}
      fixedBody={
        isBinary
          ? t("requests:resend.binary", { size: formatBytes(request.body_bytes) })
          : undefined
      }
      onClose={onClose}
    />
  );
}
