/** How a try of a step ended: exit code, data, log, what was sent and answered. */
import { Button } from "@mantine/core";
import { IconPin } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { StepTried } from "@/api";
import {
  CodeView,
  ErrorPanel,
  formatDuration,
  HttpMessage,
  HttpPill,
  Loading,
  notify,
  RelativeTime,
  StatusPill,
} from "@/design";
import { reasonPhrase } from "@/design/httpWords";
import { FaultPanel } from "@/features/faults/FaultPanel";
import { useTranslation } from "@/i18n";
import { intoView } from "./intoView";
import { pinStep } from "./pins";
import own from "./Try.module.css";

interface StepResultProps {
  flow: string;
  step: string;
  result: StepTried | null;
  error: Error | null;
  /** The step was changed since. */
  isOld: boolean;
  isPinned: boolean;
  isRunning: boolean;
}

export function StepResult(props: StepResultProps) {
  const { flow, step, result, error, isOld, isPinned, isRunning } = props;
  const { t } = useTranslation("forms");
  if (isRunning) return <Loading />;
  if (error) {
    return (
      <div className={own.result}>
        <ErrorPanel error={error} inline />
      </div>
    );
  }
  if (!result) return <p className={`muted ${own.result}`}>{t("try.nothingYet")}</p>;
  return (
    <section ref={intoView} className={own.result} aria-label={t("try.result")}>
      <div className={own.outcome} role="status">
        <StatusPill status={result.status} />
        {result.exit_code !== null && (
          <span>
            <span className="muted">{t("try.exitCode")}</span>{" "}
            <span className="mono">{result.exit_code}</span>
          </span>
        )}
        <span className="muted">
          {t("try.took", { duration: formatDuration(result.duration_ms) })}
        </span>
        {isOld && <span className={own.old}>{t("try.old")}</span>}
        {result.waiting_until && (
          <span className="muted">
            {t("try.wouldWait")} <RelativeTime at={result.waiting_until} />
          </span>
        )}
        {result.exit_code !== null && !result.data_truncated && (
          <Button
            leftSection={<IconPin size={16} aria-hidden />}
            onClick={() => {
              const { data, exit_code } = result;
              void pinStep(flow, step, { data, exit_code: exit_code ?? "success" });
              notify({ message: t("pin.done", { step }), tone: "good" });
            }}
          >
            {t(isPinned ? "pin.again" : "pin.this")}
          </Button>
        )}
      </div>
      {result.error && <FaultPanel fault={result.error} />}
      {result.log.length > 0 && (
        <Titled title={t("try.log")}>
          <CodeView label={t("try.log")} text={result.log.join("\n")} language="plain" />
        </Titled>
      )}
      {result.error === null && (
        <Titled title={t("try.data")}>
          <CodeView
            label={t("try.data")}
            text={
              result.data_truncated
                ? String(result.data)
                : (JSON.stringify(result.data, null, 2) ?? "")
            }
            language="json"
          />
          {result.data_truncated && <p className="muted">{t("try.cut")}</p>}
        </Titled>
      )}
      {Object.keys(result.memory).length > 0 && (
        <Titled title={t("try.memory")}>
          <CodeView
            label={t("try.memory")}
            text={JSON.stringify(result.memory, null, 2)}
            language="json"
          />
        </Titled>
      )}
      <Exchange tried={result} />
    </section>
  );
}

function Exchange({ tried }: { tried: StepTried }) {
  const { t } = useTranslation(["forms", "common"]);
  const { exchange } = tried;
  if (!exchange) return null;
  const { request, response } = exchange;
  return (
    <>
      <Titled title={`${t("forms:try.request")} · ${request.method}`}>
        <HttpMessage
          label={t("forms:try.request")}
          url={request.url}
          headers={request.headers}
          body={request.body}
          note={request.body_truncated ? t("common:body.cutUnknown") : undefined}
        />
      </Titled>
      {response && (
        <Titled
          title={t("forms:try.answer")}
          aside={<HttpPill status={response.status} text={reasonPhrase(response.status)} />}
        >
          <HttpMessage
            label={t("forms:try.answer")}
            headers={response.headers}
            body={response.body}
            note={response.body_truncated ? t("common:body.cutUnknown") : undefined}
          />
        </Titled>
      )}
    </>
  );
}

interface TitledProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

function Titled({ title, aside, children }: TitledProps) {
  return (
    <div className={own.titled}>
      <h3>
        {title} {aside}
      </h3>
      {children}
    </div>
  );
}
