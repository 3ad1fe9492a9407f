import { Button } from "@mantine/core";
import { IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useFlows } from "@/api";
import { CopyButton, EmptyState } from "@/design";
import { endpointCurl } from "@/features/flows/snippet";
import { useTranslation } from "@/i18n";

export function NoRequests({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation("requests");
  const navigate = useNavigate();
  const { data } = useFlows();
  if (filtered) {
    return (
      <EmptyState
        Icon={IconFilterOff}
        title={t("empty.filteredTitle")}
        text={t("empty.filteredText")}
        action={
          <Button onClick={() => void navigate({ to: "/requests", search: {} })}>
            {t("command.all")}
          </Button>
        }
      />
    );
  }
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
