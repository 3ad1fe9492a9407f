/** The body of a request: parsed, as text, or byte for byte, whatever its size. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { useRawBody, type RequestDetail } from "@/api";
import { CodeView, CopyButton, ErrorPanel, formatBytes, Loading, Pill } from "@/design";
import { bytesOfBase64 } from "@/features/payload/hex";
import { HexView } from "@/features/payload/HexView";
import { JsonTree } from "@/features/payload/JsonTree";
import classes from "@/features/payload/Payload.module.css";
import { useTranslation } from "@/i18n";
import { isUnread } from "./isUnread";
import { RequestFiles } from "./RequestFiles";
import own from "./Requests.module.css";

const SHAPES = ["parsed", "text", "hex"] as const;
type Shape = (typeof SHAPES)[number];

/** A longer text is not written anew by itself; its tree, and its bytes, are drawn in parts at any size. */
const WHOLE_TEXT_MAX_CHARS = 20_000_000;

export function BodyTab({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const { body, body_bytes, body_sha256, content_type, files } = request;
  if (isUnread(request)) return <p className={`muted ${own.unread}`}>{t("unreadBody")}</p>;
  const isStored = body.text !== null || body.base64 !== null;
  return (
    <>
      {isStored && body_bytes > 0 ? (
        <StoredBody request={request} />
      ) : (
        files.length === 0 && (
          <p className={`muted ${own.unread}`}>{t(body_bytes === 0 ? "emptyBody" : "notStored")}</p>
        )
      )}
      {files.length > 0 && <RequestFiles request={request} />}
      <p className={`faint ${own.hash}`}>
        {[content_type, formatBytes(body_bytes)].filter(Boolean).join(" · ")}
        {body_sha256 && (
          <>
            {" · "}
            {t("sha256")} <span className="mono">{body_sha256}</span>
          </>
        )}
      </p>
    </>
  );
}

function StoredBody({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const { t: common } = useTranslation();
  const { id, body, body_bytes } = request;
  const [chosen, setChosen] = useState<Shape>();
  const raw = useRawBody(id, body.truncated);
  const bytes = useBytes(request, raw.data);
  const text = useText(request, raw.data);
  const isJson = useMemo(() => text !== null && isSoundJson(text), [text]);
  const possible = SHAPES.filter((shape) =>
    shape === "parsed" ? isJson : shape === "hex" || text !== null,
  );
  const shape = possible.find((each) => each === chosen) ?? possible[0];
  if (body.truncated && raw.isFetching) return <Loading />;
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          aria-label={t("shape.label")}
          data={possible.map((each) => ({ value: each, label: t(`shape.${each}`) }))}
          value={shape ?? "hex"}
          onChange={(next) => setChosen(next as Shape)}
        />
        <Pill tone="idle">{t(`bodyKind.${body.kind}`)}</Pill>
        <span className={classes.headEnd}>
          <CopyButton text={text ?? body.base64 ?? ""} label={t("copyBody")} />
        </span>
      </div>
      {raw.error && <ErrorPanel error={raw.error} onRetry={() => void raw.refetch()} inline />}
      {shape === "parsed" && text !== null && (
        <JsonTree key={id} label={t("tabs.body")} text={text} root="trigger.body" />
      )}
      {shape === "text" && text !== null && <Text text={text} isJson={isJson} />}
      {shape === "hex" && <HexView label={t("shape.hexOf")} bytes={bytes} />}
      {(raw.data ? isCut(raw.data, body_bytes) : body.truncated) && (
        <p className="faint">{common("body.cut", { size: formatBytes(body_bytes) })}</p>
      )}
    </>
  );
}

function Text({ text, isJson }: { text: string; isJson: boolean }) {
  const { t } = useTranslation("requests");
  const [isWanted, setWanted] = useState(text.length <= WHOLE_TEXT_MAX_CHARS);
  if (!isWanted) {
    return <Button onClick={() => setWanted(true)}>{t("shape.showText")}</Button>;
  }
  return <CodeView label={t("tabs.body")} text={text} language={isJson ? "auto" : "plain"} />;
}

function useBytes({ body }: RequestDetail, raw: Uint8Array | undefined): Uint8Array {
  return useMemo(() => {
    if (raw) return raw;
    return body.base64 === null
      ? new TextEncoder().encode(body.text ?? "")
      : bytesOfBase64(body.base64);
  }, [body, raw]);
}

function useText({ body }: RequestDetail, raw: Uint8Array | undefined): string | null {
  return useMemo(
    () => (body.text === null ? null : raw ? new TextDecoder().decode(raw) : body.text),
    [body, raw],
  );
}

/** Masking changes a length by little; what the API leaves out of a large body is more than that. */
const MASKING_BYTES_MAX = 4096;

function isCut(bytes: Uint8Array, whole: number): boolean {
  return whole - bytes.length > MASKING_BYTES_MAX;
}

/** A tree is of an object or a list: anything else is one line of text. */
function isSoundJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
