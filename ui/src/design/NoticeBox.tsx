import "@mantine/core/styles/Notification.layer.css";
import { notifications, Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.layer.css";
import { useEffect } from "react";
import { takeNotices, useNotices, type Notice } from "./notices";

const LONG_MS = 12_000;

export default function NoticeBox() {
  const waiting = useNotices((state) => state.waiting);
  useEffect(() => takeNotices().forEach(show), [waiting]);
  return <Notifications position="bottom-right" limit={4} />;
}

function show({ title, message, tone, long }: Notice) {
  const color = tone && { good: "teal", bad: "red" }[tone];
  notifications.show({
    message,
    ...(title ? { title } : {}),
    ...(color ? { color } : {}),
    ...(long ? { autoClose: LONG_MS } : {}),
  });
}
