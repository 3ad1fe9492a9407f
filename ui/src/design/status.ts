/** Which tone and icon a state has. Its word comes from the i18n files. */
import {
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconEye,
  IconEyeOff,
  IconLoader2,
  IconLock,
  IconMinus,
  IconPlayerPause,
  IconPlayerSkipForward,
  IconPower,
  IconQuestionMark,
  IconX,
  type Icon,
} from "@tabler/icons-react";

export type Tone = "ok" | "run" | "wait" | "bad" | "idle";

const LOOKS = {
  accepted: ["ok", IconCheck],
  rejected: ["bad", IconX],
  duplicate: ["idle", IconMinus],
  held: ["wait", IconClock],
  queued: ["idle", IconCircleDashed],
  pending: ["idle", IconCircleDashed],
  running: ["run", IconLoader2],
  sending: ["run", IconLoader2],
  waiting: ["wait", IconClock],
  complete: ["ok", IconCheck],
  delivered: ["ok", IconCheck],
  failed: ["bad", IconX],
  timed_out: ["bad", IconClock],
  canceled: ["idle", IconBan],
  interrupted: ["wait", IconBan],
  skipped: ["idle", IconPlayerSkipForward],
  live: ["ok", IconCheck],
  paused: ["wait", IconPlayerPause],
  off: ["idle", IconPower],
  stored: ["ok", IconLock],
  unreadable: ["wait", IconEyeOff],
  missing: ["bad", IconX],
  listening: ["ok", IconCheck],
  ready: ["ok", IconCheck],
  locked: ["wait", IconLock],
  starting: ["wait", IconClock],
  slow: ["wait", IconClock],
  absent: ["bad", IconX],
  read: ["idle", IconEye],
} as const satisfies Record<string, readonly [Tone, Icon]>;

export type StatusName = keyof typeof LOOKS;

export interface StatusLook {
  tone: Tone;
  Icon: Icon;
  /** Null for a state that this UI does not know: its own name is shown. */
  name: StatusName | null;
}

export function statusLook(status: string): StatusLook {
  if (!(status in LOOKS)) return { tone: "idle", Icon: IconQuestionMark, name: null };
  const name = status as StatusName;
  const [tone, Icon] = LOOKS[name];
  return { tone, Icon, name };
}

/** The tone of an HTTP status: only 2xx is good. */
export function httpTone(status: number): Tone {
  return status >= 200 && status < 300 ? "ok" : "bad";
}
