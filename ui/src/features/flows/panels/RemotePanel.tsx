/** The key of a remote step: which it is, what its signature is worth, and a new one. */
import { Button } from "@mantine/core";
import { IconKey, IconShieldExclamation } from "@tabler/icons-react";
import { useState } from "react";
import type { FlowDetail } from "@/api";
import { Notice } from "@/design";
import { useTranslation } from "@/i18n";
import { text, type Part } from "../document";
import classes from "../FlowPage.module.css";
import { GenerateKeyModal } from "./GenerateKeyModal";
import own from "./Panels.module.css";

export function RemotePanel({ flow, part }: { flow: FlowDetail; part: Part }) {
  const { t } = useTranslation("parts");
  const [isMaking, setMaking] = useState(false);
  const secret = text(part.fields.secret) || text(flow.document.remote_secret);
  return (
    <>
      {secret === "" ? (
        <p className="muted">{t("remote.noKey")}</p>
      ) : (
        <div className={own.between}>
          <span>
            <span className="muted">{t("remote.signed")}</span>{" "}
            <span className={classes.chip}>secrets.{secret}</span>
          </span>
          <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t("remote.generate")}
          </Button>
        </div>
      )}
      <Notice Icon={IconShieldExclamation} title={t("remote.legacy")}>
        {t("remote.legacyText")}
      </Notice>
      {isMaking && <GenerateKeyModal name={secret} onClose={() => setMaking(false)} />}
    </>
  );
}
