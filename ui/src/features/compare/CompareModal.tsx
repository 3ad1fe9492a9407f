/** Which one to compare with: one of the last of the same flow, or any by its id. */
import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useJob, useJobs, useRequest, useRequests } from "@/api";
import { Dialog, formatExact, Loading, RelativeTime, StatusPill } from "@/design";
import forms from "@/design/Form.module.css";
import { useTranslation } from "@/i18n";
import classes from "./CompareModal.module.css";
import type { CompareSearch } from "./search";

interface CompareModalProps {
  kind: CompareSearch["kind"];
  id: string;
  onClose: () => void;
}

interface Candidate {
  id: string;
  at: string;
  status: string;
}

const SHOWN_MAX = 12;

export default function CompareModal(props: CompareModalProps) {
  return props.kind === "jobs" ? <WithJob {...props} /> : <WithRequest {...props} />;
}

function WithJob(props: CompareModalProps) {
  const flow = useJob(Number(props.id)).data?.flow;
  const { rows, loading } = useJobs({ flow, status: undefined });
  const candidates = rows.map(({ id, queued_at, status }) => ({
    id: String(id),
    at: queued_at,
    status,
  }));
  return <Choice {...props} candidates={candidates} loading={loading} />;
}

function WithRequest(props: CompareModalProps) {
  const flow = useRequest(props.id).data?.flow;
  const { rows, loading } = useRequests({ flow, verdict: undefined });
  const candidates = rows.map(({ id, at, verdict }) => ({ id, at, status: verdict }));
  return <Choice {...props} candidates={candidates} loading={loading} />;
}

interface ChoiceProps extends CompareModalProps {
  candidates: Candidate[];
  loading: boolean;
}

function Choice({ kind, id, candidates, loading, onClose }: ChoiceProps) {
  const { t } = useTranslation("compare");
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const others = candidates.filter((each) => each.id !== id).slice(0, SHOWN_MAX);

  function choose(other: string) {
    onClose();
    // Ids grow with time, and the older one stands left.
    const isOlder = kind === "jobs" ? Number(other) < Number(id) : other < id;
    const [a, b] = isOlder ? [other, id] : [id, other];
    void navigate({ to: "/compare", search: { kind, a, b } });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed.trim() !== "") choose(typed.trim());
  }

  return (
    <Dialog title={t(`choose.${kind}`)} onClose={onClose} width={520} height={560}>
      <form className={forms.form} onSubmit={submit}>
        <ul className={classes.list} aria-busy={loading}>
          {loading && (
            <li>
              <Loading />
            </li>
          )}
          {!loading && others.length === 0 && <li className="muted">{t("choose.none")}</li>}
          {others.map((each) => (
            <li key={each.id}>
              <button type="button" className={classes.choice} onClick={() => choose(each.id)}>
                <span className="strong">
                  {kind === "jobs" ? t("job", { id: each.id }) : formatExact(each.at).slice(0, 23)}
                </span>
                <StatusPill status={each.status} />
                <span className="muted">
                  <RelativeTime at={each.at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
        <TextInput
          data-autofocus
          label={t("choose.byId")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
        <div className={`${forms.buttons} ${forms.bottom}`}>
          <Button onClick={onClose}>{t("choose.cancel")}</Button>
          <Button type="submit" variant="filled" disabled={typed.trim() === ""}>
            {t("choose.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
