import { Button } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useFlows } from "@/api";
import { CopyButton, EmptyState } from "@/design";
import { endpointCurl } from "@/features/flows/snippet";
import { useTranslation } from "@/i18n";

/** Before the first request: how to send one. */
export function NoRequests() {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { data } = useFlows();
  const endpoint = data?.items.flatMap((flow) => flow.endpoints)[0];
  return (
    <EmptyState
      Icon={IconInbox}
      title={t("empty.title")}
      text={t("empty.text")}
      action={
        endpoint ? (
          <CopyButton
            text={() => endpointCurl(endpoint)}
            label={t("empty.action")}
            words={t("empty.action")}
          />
        ) : (
          <Button variant="filled" onClick={() => void navigate({ to: "/flows" })}>
            {t("empty.noEndpoint")}
          </Button>
        )
      }
    />
  );
}
