/** A stored request, edited and sent to its endpoint again, signed anew. */
import { useMemo, useState } from "react";
import { useRawBody, type RequestDetail } from "@/api";
import { Dialog, ErrorPanel, formatBytes, Loading } from "@/design";
import { useTranslation } from "@/i18n";
import { leftOut, messageOf, toSend } from "./message";
import { MessageForm } from "./MessageForm";

interface ResendModalProps {
  request: RequestDetail;
  onClose: () => void;
}

export default function ResendModal({ request, onClose }: ResendModalProps) {
  const { t } = useTranslation("requests");
  const raw = useRawBody(request.id, request.body.truncated);
  const isReady = !request.body.truncated || raw.data !== undefined;
  if (isReady) return <Editor request={request} raw={raw.data} onClose={onClose} />;
  return (
    <Dialog title={t("resend.title")} onClose={onClose} width={820}>
      {raw.error ? (
        <ErrorPanel error={raw.error} onRetry={() => void raw.refetch()} inline />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

function Editor({ request, raw, onClose }: ResendModalProps & { raw: Uint8Array | undefined }) {
  const { t } = useTranslation("requests");
  const { body } = request;
  const text = useMemo(
    () => (raw ? new TextDecoder().decode(raw) : (body.text ?? "")),
    [raw, body],
  );
  const [first] = useState(() => messageOf(request, text));
  const [message, setMessage] = useState(first);
  const isBinary = body.text === null && body.base64 !== null;
  const without = leftOut(request);
  return (
    <Dialog title={t("resend.title")} onClose={onClose} width={820} unsaved={message !== first}>
      <MessageForm
        message={message}
        onChange={setMessage}
        toBody={(edited) =>
          toSend(edited, { requestId: request.id, base64: isBinary ? body.base64 : null })
        }
        above={
          <p className="muted">
            {t("resend.text", { endpoint: request.endpoint })}
            {without.length > 0 && ` ${t("resend.leftOut", { names: without.join(", ") })}`}
          </p>
        }
        fixedBody={
          isBinary ? t("resend.binary", { size: formatBytes(request.body_bytes) }) : undefined
        }
        onClose={onClose}
      />
    </Dialog>
  );
}
