import { useAnnouncement } from "./announce";

export function Announcer() {
  const { text, turn } = useAnnouncement();
  return (
    <div className="sr-only" role="status" aria-live="polite">
      <span key={turn}>{text}</span>
    </div>
  );
}
