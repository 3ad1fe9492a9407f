import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { getRequestFile, type RequestDetail } from "@/api";
import { formatBytes, useAction, useDownload } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Requests.module.css";

interface Wanted {
  fileId: string;
  name: string;
}

/** What came in files: named by the sender, saved by a person who wants to. Nothing of them is shown here. */
export function RequestFiles({ request: { id, files } }: { request: RequestDetail }) {
  const { t } = useTranslation("requests");
  const download = useDownload();
  const save = useAction<Wanted, Blob>({
    run: ({ fileId }) => getRequestFile(id, fileId),
    onDone: (content, { name }) => download(name, content),
  });
  return (
    <table className={classes.headers}>
      <caption className="sr-only">{t("files")}</caption>
      <tbody>
        {files.map(({ file_id, field, name, content_type, byte_count }) => (
          <tr key={file_id}>
            <th scope="row" className="mono">
              {name ?? field ?? t("wholeBody")}
            </th>
            <td className="muted">
              {[field, content_type, formatBytes(byte_count)].filter(Boolean).join(" · ")}
            </td>
            <td>
              <Button
                leftSection={<IconDownload size={16} aria-hidden />}
                aria-label={t("downloadFile", { name: name ?? file_id })}
                loading={save.isPending && save.variables.fileId === file_id}
                onClick={() => save.mutate({ fileId: file_id, name: name ?? file_id })}
              >
                {t("download")}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
