import { Button } from "@mantine/core";
import { IconSend, IconShieldCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Certificate, Delivery, DeliveryAttempt } from "@/api";
import { CopyButton, Facts, RelativeTime, shortId, useNow } from "@/design";
import { AttemptList } from "@/features/attempts/AttemptList";
import { useCommands } from "@/frame/commands";
import { useTranslation } from "@/i18n";
import classes from "./DeliveryDetail.module.css";
import { useResend } from "./deliveryMenu";
import { Timings } from "./Timings";

interface DeliveryCardProps {
  delivery: Delivery;
  attempt: DeliveryAttempt | undefined;
  onChoose: (n: number) => void;
  onResent: (delivery: Delivery) => void;
  withLinks: boolean;
}

export function DeliveryCard(props: DeliveryCardProps) {
  const { delivery, attempt, onChoose, onResent, withLinks } = props;
  const { t } = useTranslation("deliveries");
  const resend = useResend(onResent);
  useCommands([
    {
      id: "delivery.resend",
      label: t("resendCommand"),
      Icon: IconSend,
      run: () => !resend.isPending && resend.mutate(delivery),
    },
  ]);
  return (
    <section className={`card ${classes.card}`}>
      <div className={classes.cardHead}>
        <h2>{delivery.task}</h2>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          loading={resend.isPending}
          onClick={() => resend.mutate(delivery)}
        >
          {t("resend")}
        </Button>
      </div>
      <AttemptList
        attempts={delivery.attempts}
        selected={attempt?.n}
        onSelect={onChoose}
        renderDetail={() => attempt?.timings && <Timings timings={attempt.timings} />}
      />
      <DeliveryFacts delivery={delivery} attempt={attempt} withLinks={withLinks} />
      {!delivery.validate_ssl && <p className={classes.warning}>{t("facts.sslOff")}</p>}
    </section>
  );
}

function DeliveryFacts({
  delivery,
  attempt,
  withLinks,
}: Pick<DeliveryCardProps, "delivery" | "attempt" | "withLinks">) {
  const { t } = useTranslation("deliveries");
  return (
    <Facts
      facts={[
        {
          name: t("facts.delivery"),
          value: (
            <span className={classes.iconLine}>
              <span className="mono" title={delivery.id}>
                {shortId(delivery.id)}
              </span>
              <CopyButton text={delivery.id} label={t("copyId")} />
            </span>
          ),
        },
        {
          name: t("facts.job"),
          value: withLinks && (
            <Link
              to="/jobs/$id"
              params={{ id: String(delivery.job_id) }}
              search={{ tab: "webhooks", item: delivery.id }}
            >
              {t("followJob", { id: delivery.job_id })}
            </Link>
          ),
        },
        {
          name: t("facts.resendOf"),
          value: delivery.resend_of && (
            <span className="mono" title={delivery.resend_of}>
              {shortId(delivery.resend_of)}
            </span>
          ),
        },
        {
          name: t("facts.next"),
          value: delivery.next_attempt_at && <RelativeTime at={delivery.next_attempt_at} />,
        },
        {
          name: t("facts.signed"),
          value: delivery.signature_header ? (
            <span className={classes.iconLine}>
              <IconShieldCheck size={16} stroke={1.75} aria-hidden />
              {delivery.signature_header}
            </span>
          ) : (
            <span className="muted">{t("facts.unsigned")}</span>
          ),
        },
        {
          name: t("facts.certificate"),
          value: attempt?.certificate && <CertificateWords certificate={attempt.certificate} />,
        },
      ]}
    />
  );
}

const DAY_MS = 86_400_000;

function CertificateWords({ certificate }: { certificate: Certificate }) {
  const { t } = useTranslation("deliveries");
  const days = Math.floor((Date.parse(certificate.expires_at) - useNow()) / DAY_MS);
  const whole = `${certificate.subject} (${certificate.issuer})`;
  if (!certificate.verified) return <span title={whole}>{t("facts.certUnchecked")}</span>;
  const words = days < 0 ? t("facts.certExpired") : t("facts.certValid", { count: days });
  return <span title={whole}>{words}</span>;
}
