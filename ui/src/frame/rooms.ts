/** The rooms of the workbench, in the order of the rail. Only rooms that exist. */
import {
  IconBraces,
  IconHome,
  IconInbox,
  IconKey,
  IconPlayerPlay,
  IconRoute,
  IconSend,
  IconSettings,
  IconWebhook,
} from "@tabler/icons-react";

export const ROOMS = [
  { name: "home", to: "/", Icon: IconHome, group: "work" },
  { name: "flows", to: "/flows", Icon: IconRoute, group: "work" },
  { name: "endpoints", to: "/endpoints", Icon: IconWebhook, group: "work" },
  { name: "requests", to: "/requests", Icon: IconInbox, group: "work" },
  { name: "jobs", to: "/jobs", Icon: IconPlayerPlay, group: "work" },
  { name: "deliveries", to: "/deliveries", Icon: IconSend, group: "work" },
  { name: "secrets", to: "/secrets", Icon: IconKey, group: "workspace" },
  { name: "variables", to: "/variables", Icon: IconBraces, group: "workspace" },
  { name: "settings", to: "/settings", Icon: IconSettings, group: "end" },
] as const;

export type Room = (typeof ROOMS)[number];
