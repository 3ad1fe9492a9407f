import { lazy, Suspense, useState } from "react";
import { useNotices } from "./notices";

export const loadNoticeBox = () => import("./NoticeBox");
const NoticeBox = lazy(loadNoticeBox);

/** The place of the notices: empty, and costing nothing, until the first one. */
export function NoticeLayer() {
  const isWaiting = useNotices(({ waiting }) => waiting.length > 0);
  const [isOpen, setOpen] = useState(false);
  if (isWaiting && !isOpen) setOpen(true);
  if (!isOpen) return null;
  return (
    <Suspense>
      <NoticeBox />
    </Suspense>
  );
}
