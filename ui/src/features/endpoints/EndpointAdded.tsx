/** What to do with a new endpoint: its URL and key for the sender, publishing, and a first message. */
import { Button } from "@mantine/core";
import { IconSend, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { publishFlow, useFlow, useSettings, useStatus } from "@/api";
import { CopyButton, Dialog, ErrorPanel, useAction } from "@/design";
import classes from "@/design/Form.module.css";
import { partsOf, text, type Fields } from "@/features/flows/document";
import { useTranslation } from "@/i18n";
import { endpointUrl, withoutKey } from "./endpointUrls";
import own from "./Endpoints.module.css";
import SendTestDialog from "@/features/sending/SendTestDialog";
import type { Provider } from "./providers";
import { WIZARD_PX } from "./wizard";

interface EndpointAddedProps {
  flow: string;
  fields: Fields;
  /** A key that was made here: shown this once. */
  madeKey: string | null;
  provider: Provider;
  isFirst: boolean;
  onClose: () => void;
}

export function EndpointAdded(props: EndpointAddedProps) {
  const { flow, fields, madeKey, provider, isFirst, onClose } = props;
  const { t } = useTranslation(["ways", "common"]);
  const [isSending, setSending] = useState(false);
  const name = text(fields.name);
  const url = useUrl(fields, flow, isFirst);
  const { data } = useFlow(flow);
  // The editor saves a moment later: what is not in the draft cannot be published.
  const isSaved = partsOf(data?.document).endpoints.some((each) => each.name === name);
  const isLive =
    data !== undefined &&
    data.version !== null &&
    data.endpoints.some((each) => each.name === name);
  const publish = useAction({
    run: () => publishFlow(flow),
    stale: () => ["flows", `flow:${flow}`],
    done: () => t("ways:new.published"),
    quiet: true,
  });
  if (isSending) {
    return <SendTestDialog flow={flow} endpoint={name} onClose={onClose} />;
  }
  const keyed = madeKey !== null && provider.name === "key";
  return (
    <Dialog title={t("ways:new.added", { name })} onClose={onClose} {...WIZARD_PX}>
      <div className={classes.form}>
        <Shown
          name={t("ways:new.url")}
          value={keyed ? `${withoutKey(url)}?key=${madeKey}` : url}
          copy={t("ways:new.copyUrl")}
        />
        {madeKey !== null && !keyed && (
          <Shown name={t("ways:new.secret")} value={madeKey} copy={t("ways:new.copySecret")} />
        )}
        {madeKey !== null && <p className="muted">{t("ways:new.once")}</p>}
        <ol className={own.steps} aria-label={t("ways:new.next")}>
          {t(`ways:provider.${provider.name}.steps`)
            .split("\n")
            .map((step) => (
              <li key={step}>{step}</li>
            ))}
        </ol>
        <p className="muted" role="status">
          {t(isLive ? "ways:new.isLive" : "ways:new.notLive")}
        </p>
        {publish.error && <ErrorPanel error={publish.error} inline />}
        <div className={`${classes.buttons} ${classes.bottom}`}>
          <Button onClick={onClose}>{t("common:action.close")}</Button>
          {!isLive && (
            <Button
              variant="filled"
              leftSection={<IconUpload size={16} aria-hidden />}
              loading={publish.isPending}
              disabled={!isSaved}
              onClick={() => publish.mutate()}
            >
              {t("ways:new.publish")}
            </Button>
          )}
          {isLive && (
            <Button
              variant="filled"
              data-autofocus
              leftSection={<IconSend size={16} aria-hidden />}
              onClick={() => setSending(true)}
            >
              {t("ways:send.open")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Shown({ name, value, copy }: { name: string; value: string; copy: string }) {
  return (
    <div>
      <div className={classes.onceName}>{name}</div>
      <div className={classes.once}>
        <span className="mono">{value}</span>
        <CopyButton text={value} label={copy} />
      </div>
    </div>
  );
}

function useUrl(fields: Fields, flow: string, isFirst: boolean): string {
  const status = useStatus().data;
  const settings = useSettings().data;
  return endpointUrl(fields, {
    base: settings?.public_url ?? status?.receiver.url ?? "",
    workspace: status?.workspace ?? "local",
    flow,
    isFirst,
  });
}
