import "@mantine/core/styles/Notification.layer.css";
import { Button } from "@mantine/core";
import { notifications, Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.layer.css";
import { useEffect } from "react";
import { useTranslation } from "@/i18n";
import classes from "./NoticeBox.module.css";
import { takeNotices, useNotices } from "./notices";

const LONG_MS = 12_000;

export default function NoticeBox() {
  const { t } = useTranslation();
  const { waiting, closed } = useNotices();
  const dismiss = t("action.dismiss");
  useEffect(() => takeNotices().forEach((told) => show(told, dismiss)), [waiting, dismiss]);
  useEffect(() => closed.forEach((id) => notifications.hide(id)), [closed]);
  // On the left: on the right are the buttons of dialogs and pages, and whoever has just pressed one is about to press another.
  return <Notifications position="bottom-left" limit={4} />;
}

function show({ id, title, message, tone, long, lasts, action, onClose }: Told, dismiss: string) {
  const color = tone && { good: "teal", bad: "red" }[tone];
  const autoClose = lasts ?? (long ? LONG_MS : undefined);
  notifications.show({
    id,
    closeButtonProps: { "aria-label": dismiss },
    message: action ? (
      <span className={classes.withAction}>
        {message}
        <Button onClick={action.run}>{action.label}</Button>
      </span>
    ) : (
      message
    ),
    ...(title ? { title } : {}),
    ...(color ? { color } : {}),
    ...(autoClose ? { autoClose } : {}),
    ...(onClose ? { onClose } : {}),
  });
}

type Told = ReturnType<typeof takeNotices>[number];
