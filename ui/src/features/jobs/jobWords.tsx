/** What started a job, in words. */
import { useTranslation } from "@/i18n";

const KNOWN = ["endpoint", "schedule", "manual", "api", "flow", "replay"] as const;
type Known = (typeof KNOWN)[number];

export function TriggerWords({ trigger, name }: { trigger: string; name?: string | null }) {
  const { t } = useTranslation();
  const known = KNOWN.find((each): each is Known => each === trigger);
  return (
    <>
      {known ? t(`trigger.${known}`) : trigger}
      {name && (
        <>
          {" "}
          <span className="strong">{name}</span>
        </>
      )}
    </>
  );
}
