/** An empty workspace: five templates that work offline, the next request that comes in, or an import. */
import { Button, Loader } from "@mantine/core";
import { IconFileImport, IconRadar2 } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useRequests, useStatus } from "@/api";
import { CopyButton, RelativeTime } from "@/design";
import { useTranslation } from "@/i18n";
import classes from "./Home.module.css";
import { TEMPLATE, TEMPLATES } from "./templates";
import { useTemplate, type Started } from "./useTemplate";

const ImportDialog = lazy(() => import("@/features/exchange/ImportDialog"));
const ImportModal = lazy(() => import("@/features/flows/dialogs/ImportModal"));

export function Begin({ onStarted }: { onStarted: (started: Started) => void }) {
  const { t } = useTranslation("home");
  const [importing, setImporting] = useState<"flow" | "any">();
  const start = useTemplate(onStarted);
  return (
    <div className={classes.begin}>
      <h2>{t("begin.title")}</h2>
      <p className="muted">{t("begin.text")}</p>
      <ul className={classes.templates}>
        {TEMPLATES.map((name) => {
          const { Icon } = TEMPLATE[name];
          const isStarting = start.isPending && start.variables === name;
          return (
            <li key={name}>
              <button
                type="button"
                className={classes.template}
                disabled={start.isPending}
                onClick={() => start.mutate(name)}
              >
                <span className={classes.templateIcon}>
                  {isStarting ? <Loader size={16} /> : <Icon size={20} stroke={1.5} aria-hidden />}
                </span>
                <span className="strong">{t(`templates.${name}.title`)}</span>
                <span className="muted">{t(`templates.${name}.text`)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <div className={classes.otherWays}>
        <CatchRequest />
        <section className={`card ${classes.way}`}>
          <h3>{t("begin.importTitle")}</h3>
          <p className="muted">{t("begin.importText")}</p>
          <Button
            leftSection={<IconFileImport size={16} aria-hidden />}
            onClick={() => setImporting("flow")}
          >
            {t("begin.import")}
          </Button>{" "}
          <Button
            leftSection={<IconFileImport size={16} aria-hidden />}
            onClick={() => setImporting("any")}
          >
            {t("begin.importAny")}
          </Button>
        </section>
      </div>
      {importing && (
        <Suspense>
          {importing === "flow" ? (
            <ImportModal onClose={() => setImporting(undefined)} />
          ) : (
            <ImportDialog onClose={() => setImporting(undefined)} />
          )}
        </Suspense>
      )}
    </div>
  );
}

/** The next request that reaches the receiver shows up, though no endpoint is there for it. */
function CatchRequest() {
  const { t } = useTranslation("home");
  const navigate = useNavigate();
  const receiver = useStatus().data?.receiver.url ?? "";
  const caught = useRequests({ verdict: undefined, flow: undefined }).rows[0];
  return (
    <section className={`card ${classes.way}`}>
      <h3>{t("begin.catchTitle")}</h3>
      {caught ? (
        <>
          <p role="status">
            {t("begin.caught", { method: caught.method, path: caught.path })}{" "}
            <span className="muted">
              <RelativeTime at={caught.at} />
            </span>
          </p>
          <Button onClick={() => void navigate({ to: "/requests", search: { id: caught.id } })}>
            {t("begin.openCaught")}
          </Button>
        </>
      ) : (
        <>
          <p className="muted">
            <IconRadar2 size={16} stroke={1.75} aria-hidden className={classes.inline} />{" "}
            {t("begin.catchText")}
          </p>
          <span className={classes.address}>
            <span className="mono">{receiver}</span>
            <CopyButton text={receiver} label={t("begin.copyAddress")} />
          </span>
        </>
      )}
    </section>
  );
}
