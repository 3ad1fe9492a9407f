/** What is wrong with the workspace, and what to do about it. It is looked for when a person asks. */
import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconStethoscope,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import { useRef } from "react";
import { useDoctor, type Diagnosis, type Finding, type FindingState } from "@/api";
import { ErrorPanel, Loading, Pill, Prose } from "@/design";
import type { Tone } from "@/design/status";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import classes from "./Settings.module.css";

const LOOKS: Record<FindingState, readonly [Tone, Icon]> = {
  fine: ["ok", IconCheck],
  notice: ["wait", IconAlertTriangle],
  wrong: ["bad", IconX],
};

export function DoctorSettings() {
  const { t } = useTranslation("settings");
  const { data, error, isFetching, refetch } = useDoctor();
  const button = useRef<HTMLButtonElement>(null);
  const look = () => {
    button.current?.scrollIntoView({ block: "center" });
    void refetch();
  };
  useCommands([{ id: "doctor", label: t("doctor.look"), Icon: IconStethoscope, run: look }]);
  return (
    <>
      <p className="muted">{t("doctor.text")}</p>
      <Button
        ref={button}
        className={classes.below}
        leftSection={<IconStethoscope size={16} aria-hidden />}
        loading={isFetching}
        onClick={look}
      >
        {t(data ? "doctor.again" : "doctor.look")}
      </Button>
      {isFetching && !data && <Loading label={t("doctor.looking")} />}
      {error && <ErrorPanel error={error} onRetry={look} inline />}
      {data && <Found diagnosis={data} />}
    </>
  );
}

function Found({ diagnosis }: { diagnosis: Diagnosis }) {
  const { t } = useTranslation("settings");
  const wrong = diagnosis.findings.filter(({ state }) => state === "wrong").length;
  return (
    <>
      <p className={`strong ${classes.below}`} role="status">
        {wrong === 0 ? t("doctor.healthy") : t("doctor.wrong", { count: wrong })}
      </p>
      <ul className={classes.findings} aria-label={t("doctor.findings")}>
        {diagnosis.findings.map((finding) => (
          <FindingRow key={finding.area + finding.what} finding={finding} />
        ))}
      </ul>
    </>
  );
}

function FindingRow({ finding: { area, state, what, why, hint } }: { finding: Finding }) {
  const { t } = useTranslation("settings");
  const [tone, icon] = LOOKS[state];
  return (
    <li>
      <div className={classes.findingHead}>
        <Pill tone={tone} Icon={icon}>
          {t(`doctor.state.${state}`)}
        </Pill>
        <span className="muted">{t(`doctor.area.${area}`)}</span>
      </div>
      <div className={classes.findingWords}>
        <p>
          <Prose text={what} />
        </p>
        {why && (
          <p className="muted">
            <Prose text={why} />
          </p>
        )}
        {hint && (
          <p>
            <Prose text={hint} />
          </p>
        )}
      </div>
    </li>
  );
}
