/** What the receiver of a webhook task can use to check its signature: whole programs to copy. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CodeView, CopyButton, ErrorPanel, Loading } from "@/design";
import { DEFAULT_SCHEME } from "@/features/endpoints/schemes";
import { useTranslation } from "@/i18n";
import { isFields, text } from "../../document";
import classes from "../common/Common.module.css";
import { RECEIVER_LANGUAGES, RECEIVER_SCHEMES, receiverCode, type Ending } from "./receivers";
import own from "./Task.module.css";

interface ReceiverCodeProps {
  scheme: unknown;
  isSigned: boolean;
}

export function ReceiverCode({ scheme, isSigned }: ReceiverCodeProps) {
  const { t } = useTranslation("ways");
  const [ending, setEnding] = useState<Ending>("mjs");
  const name = isFields(scheme) ? "" : text(scheme) || DEFAULT_SCHEME;
  const isThere = isSigned && RECEIVER_SCHEMES.includes(name);
  const { data, error } = useQuery({
    queryKey: ["receivers", name, ending],
    queryFn: () => receiverCode(name, ending),
    enabled: isThere,
    staleTime: Infinity,
  });
  const language = RECEIVER_LANGUAGES.find((each) => each.ending === ending)?.name ?? "";
  return (
    <section className={own.preview} aria-label={t("task.receiver")}>
      <h3>{t("task.receiver")}</h3>
      {!isThere && (
        <p className={classes.hint}>
          {t(isSigned ? "task.receiverOther" : "task.receiverUnsigned")}
        </p>
      )}
      {isThere && (
        <>
          <p className={classes.hint}>{t("task.receiverText")}</p>
          <div className={own.bar}>
            <SegmentedControl
              aria-label={t("task.receiverLanguage")}
              data={RECEIVER_LANGUAGES.map((each) => ({ value: each.ending, label: each.name }))}
              value={ending}
              onChange={(next) => setEnding(next as Ending)}
            />
            {data && <CopyButton text={data} label={t("task.copyReceiver", { language })} />}
          </div>
          {error && <ErrorPanel error={error} inline />}
          {!data && !error && <Loading />}
          {data && (
            <div className={own.code}>
              <CodeView label={t("task.receiverIn", { language })} text={data} language="plain" />
            </div>
          )}
        </>
      )}
    </section>
  );
}
