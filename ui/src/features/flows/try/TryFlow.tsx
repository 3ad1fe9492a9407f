/** Runs the draft as a trial job: with a stored request, JSON, or a small form as its input. */
import { Button, NativeSelect, SegmentedControl, Switch } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useRequests } from "@/api";
import { runDraft } from "@/api/trying";
import { ErrorPanel, formatClock, useAction } from "@/design";
import { useTranslation } from "@/i18n";
import { partsOf, type Fields } from "../document";
import { JsonField } from "../forms/fields/JsonField";
import { PairsTable } from "../forms/fields/PairsTable";
import type { FormContext } from "../forms/types";
import { PinList } from "./PinList";
import { pinsOf } from "./pinned";
import { usePins } from "./pins";
import { triggerOf, useSample } from "./samples";
import { TrialJob } from "./TrialJob";
import own from "./Try.module.css";

const REQUESTS_MAX = 30;

type Way = "request" | "kept" | "json" | "form";

interface TryFlowProps {
  flow: string;
  document: Fields;
  names: string[];
}

export function TryFlow({ flow, document, names }: TryFlowProps) {
  const { t } = useTranslation(["forms", "common"]);
  const requests = useRequests({ flow }).rows;
  const stored = requests.slice(0, REQUESTS_MAX);
  const [chosenWay, setWay] = useState<Way | null>(null);
  const kept = useSample(flow);
  const way = chosenWay ?? (kept ? "kept" : stored.length > 0 ? "request" : "json");
  const [chosen, setChosen] = useState("");
  const request = stored.find(({ id }) => id === chosen) ?? stored[0];
  const [json, setJson] = useState<unknown>({});
  const [form, setForm] = useState<Record<string, unknown> | undefined>(undefined);
  const [sends, setSends] = useState(false);
  const pins = usePins(flow);
  const hasTasks = partsOf(document).tasks.length > 0;
  const context: FormContext = { flow, document, place: "", isReadOnly: false };
  const run = useAction({
    run: () =>
      runDraft(flow, {
        ...pinsOf(pins, names, null),
        send_tasks: sends,
        ...inputOf(),
      }),
    quiet: true,
  });

  function inputOf() {
    if (way === "kept") return kept ? triggerOf(kept) : {};
    if (way === "request") return request ? { request_id: request.id } : {};
    const input = way === "json" ? json : (form ?? {});
    return input === undefined ? {} : { input };
  }

  return (
    <div className={own.columns}>
      <form
        className={own.ask}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <SegmentedControl
          aria-label={t("forms:try.inputFrom")}
          data={[
            { value: "request", label: t("forms:try.stored") },
            ...(kept ? [{ value: "kept", label: t("forms:try.kept") }] : []),
            { value: "json", label: t("forms:try.json") },
            { value: "form", label: t("forms:try.form") },
          ]}
          value={way}
          onChange={(next) => setWay(next as Way)}
        />
        {way === "request" &&
          (request ? (
            <NativeSelect
              label={t("forms:try.request")}
              data={stored.map(({ id, at, method, endpoint, verdict }) => ({
                value: id,
                label: `${formatClock(at).slice(0, 8)} ${method} ${endpoint} (${t(`common:status.${verdict}`).toLowerCase()})`,
              }))}
              value={request.id}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
          ) : (
            <p className="muted">{t("forms:try.noRequests")}</p>
          ))}
        {way === "kept" && kept && (
          <p className="muted">
            {t("forms:try.keptOf", { method: kept.method, endpoint: kept.endpoint })}
          </p>
        )}
        {way === "json" && (
          <JsonField
            label={t("forms:try.body")}
            description={t("forms:try.bodyHint")}
            value={json}
            onChange={setJson}
            context={context}
          />
        )}
        {way === "form" && (
          <PairsTable
            label={t("forms:try.body")}
            description={t("forms:try.formHint")}
            kind="query"
            place="value"
            value={form}
            onChange={setForm}
            context={context}
          />
        )}
        <PinList context={context} pins={pins} steps={names} />
        {hasTasks && (
          <Switch
            size="xs"
            label={t("forms:try.sendTasks")}
            description={t(sends ? "forms:try.sendsTasks" : "forms:try.sendsNone")}
            checked={sends}
            onChange={(event) => setSends(event.currentTarget.checked)}
          />
        )}
        <div className={own.foot}>
          <Button
            type="submit"
            variant="filled"
            loading={run.isPending}
            disabled={way === "request" && !request}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
          >
            {t("forms:try.tryFlow")}
          </Button>
        </div>
      </form>
      {run.error ? (
        <div className={own.result}>
          <ErrorPanel error={run.error} inline />
        </div>
      ) : run.data ? (
        <TrialJob id={run.data.job_id} />
      ) : (
        <p className={`muted ${own.result}`}>{t("forms:try.noTrial")}</p>
      )}
    </div>
  );
}
