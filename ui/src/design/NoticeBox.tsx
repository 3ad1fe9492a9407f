import "@mantine/core/styles/Notification.layer.css";
import { Button } from "@mantine/core";
import { notifications, Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.layer.css";
import { useEffect } from "react";
import classes from "./NoticeBox.module.css";
import { takeNotices, useNotices } from "./notices";

const LONG_MS = 12_000;

export default function NoticeBox() {
  const { waiting, closed } = useNotices();
  useEffect(() => takeNotices().forEach(show), [waiting]);
  useEffect(() => closed.forEach((id) => notifications.hide(id)), [closed]);
  return <Notifications position="bottom-right" limit={4} />;
}

function show({ id, title, message, tone, long, lasts, action, onClose }: Told) {
  const color = tone && { good: "teal", bad: "red" }[tone];
  const autoClose = lasts ?? (long ? LONG_MS : undefined);
  notifications.show({
    id,
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
