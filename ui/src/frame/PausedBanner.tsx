/** A person paused receiving: what that means for senders, and how it goes on. */
import { Button } from "@mantine/core";
import { setReceiving } from "@/api";
import { Banner, useAction } from "@/design";
import { useTranslation } from "@/i18n";

export default function PausedBanner() {
  const { t } = useTranslation();
  const resume = useAction({
    run: () => setReceiving(false),
    stale: () => ["status"],
    done: () => t("receiver.resumed"),
  });
  return (
    <Banner
      tone="wait"
      title={t("receiver.pausedTitle")}
      text={t("receiver.pausedText")}
      action={
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          {t("receiver.resume")}
        </Button>
      }
    />
  );
}
