/** A request as a cURL command, for the shell that somebody has. */
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconCopy } from "@tabler/icons-react";
import { useStatus, type RequestDetail } from "@/api";
import { curlCommand, SHELLS, useCopy, type Shell } from "@/design";
import { useTranslation } from "@/i18n";

export function useRequestCurl(request: RequestDetail): (shell: Shell) => string {
  const receiver = useStatus().data?.receiver.url ?? "";
  return (shell) =>
    curlCommand(
      {
        method: request.method,
        url: receiver.replace(/\/$/, "") + request.path,
        headers: request.headers,
        body: request.body.text,
      },
      shell,
    );
}

export function CurlMenu({ request }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const { copy } = useCopy();
  const curl = useRequestCurl(request);
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          leftSection={<IconCopy size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          title={t("copyCurlHint")}
        >
          {t("copyCurl")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SHELLS.map((shell) => (
          <Menu.Item key={shell} onClick={() => void copy(() => curl(shell))}>
            {t(`shell.${shell}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
