/** What the menu of an endpoint's row offers. */
import { IconEye, IconInbox, IconLink, IconSend } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useCopy, type MenuEntry } from "@/design";
import { useTranslation } from "@/i18n";
import type { EndpointRow } from "./endpointColumns";

export function useEndpointMenu(
  open: (row: EndpointRow) => void,
  sendTest: (row: EndpointRow) => void,
) {
  const { t } = useTranslation("ways");
  const navigate = useNavigate();
  const { copy } = useCopy();
  return (row: EndpointRow): MenuEntry[] => {
    const { flow, endpoint } = row;
    return [
      { label: t("row.open"), Icon: IconEye, run: () => open(row) },
      ...(flow.version === null
        ? []
        : [{ label: t("send.open"), Icon: IconSend, run: () => sendTest(row) }]),
      { label: t("new.copyUrl"), Icon: IconLink, run: () => void copy(endpoint.url) },
      {
        label: t("row.requests"),
        Icon: IconInbox,
        run: () => void navigate({ to: "/requests", search: { flow: flow.name } }),
      },
    ];
  };
}
