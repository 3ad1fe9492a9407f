/** The icon of a node and the one line that says what it does. */
import {
  IconArrowsSplit2,
  IconBraces,
  IconCalendarClock,
  IconChecklist,
  IconClockPause,
  IconCloudComputing,
  IconCode,
  IconCornerDownLeft,
  IconFlag,
  IconHourglass,
  IconMessage,
  IconPackageExport,
  IconRepeat,
  IconRoute,
  IconSend,
  IconTransform,
  IconWebhook,
  IconWorldUp,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import { useMemo } from "react";
import { formatDuration } from "@/design";
import { useTranslation } from "@/i18n";
import { isFields, text, texts } from "./document";
import type { GraphNode } from "./graph";

const STEP_ICONS: Record<string, Icon> = {
  http: IconWorldUp,
  set: IconBraces,
  script: IconCode,
  condition: IconArrowsSplit2,
  switch: IconArrowsSplit2,
  fail: IconX,
  respond: IconCornerDownLeft,
  remote: IconCloudComputing,
  llm: IconMessage,
  for_each: IconRepeat,
  delay: IconHourglass,
  wait_for_request: IconClockPause,
  run_flow: IconRoute,
  validate: IconChecklist,
  jq: IconTransform,
};

const ICONS: Record<Exclude<GraphNode["kind"], "step">, Icon> = {
  endpoint: IconWebhook,
  schedule: IconCalendarClock,
  output: IconPackageExport,
  task: IconSend,
  end: IconFlag,
};

export const stepIcon = (kind: string): Icon => STEP_ICONS[kind] ?? IconCode;

export const partIcon = (kind: keyof typeof ICONS): Icon => ICONS[kind];

export function nodeIcon(node: GraphNode): Icon {
  return node.kind === "step" ? stepIcon(text(node.part?.fields.kind)) : ICONS[node.kind];
}

const AUTH_KINDS = [
  "none",
  "shared_key",
  "api_key",
  "bearer",
  "basic",
  "jwt",
  "signature",
  "ip",
  "any",
  "all",
] as const;
const STEP_KINDS = [
  "http",
  "set",
  "script",
  "condition",
  "switch",
  "fail",
  "respond",
  "remote",
  "llm",
  "for_each",
  "delay",
  "wait_for_request",
  "run_flow",
  "validate",
  "jq",
] as const;

export function useNodeWords() {
  const { t } = useTranslation("flows");
  return useMemo(() => {
    function auth(kind: string): string {
      const known = AUTH_KINDS.find((each) => each === kind);
      return known ? t(`auth.${known}`) : kind;
    }

    function kind(node: GraphNode): string {
      if (node.kind !== "step") return t(`kind.${node.kind}`);
      const name = text(node.part?.fields.kind);
      const known = STEP_KINDS.find((each) => each === name);
      return known ? t(`kind.${known}`) : name;
    }

    function name(node: GraphNode): string {
      return node.part ? node.part.name : t("canvas.end");
    }

    function line(node: GraphNode): string {
      const fields = node.part?.fields ?? {};
      switch (node.kind) {
        case "endpoint":
          return endpointLine(fields);
        case "schedule":
          return [text(fields.cron), text(fields.time_zone)].filter(Boolean).join(" ");
        case "output":
          return t("line.output", { step: text(fields.step) });
        case "task":
          return requestLine(fields);
        case "end":
          return t("canvas.endLine");
        case "step":
          return stepLine(fields) || kind(node);
      }
    }

    function endpointLine(fields: Record<string, unknown>): string {
      const methods = texts(fields.methods).join(" ") || "POST";
      const limits = isFields(fields.limits) ? fields.limits.requests_per_minute_max : undefined;
      const parts = [methods, isFields(fields.auth) ? auth(text(fields.auth.kind)) : ""];
      if (typeof limits === "number") parts.push(t("line.perMinute", { count: limits }));
      return parts.filter(Boolean).join(", ");
    }

    function stepLine(fields: Record<string, unknown>): string {
      if (fields.kind === "set" && isFields(fields.values)) {
        const names = Object.keys(fields.values).join(", ");
        return names ? t("line.sets", { names }) : t("line.setsNothing");
      }
      if (fields.kind === "script") {
        return t("line.script", { count: text(fields.code).split("\n").length });
      }
      if (fields.url !== undefined) return requestLine(fields);
      if (typeof fields.for_ms === "number") {
        return t("line.delay", { duration: formatDuration(fields.for_ms) });
      }
      return text(fields.expression) || text(fields.message) || text(fields.flow);
    }

    return { auth, kind, name, line };
  }, [t]);
}

/** A remote step or a model is called by POST without saying so. */
export function methodOf(fields: Record<string, unknown>): string {
  const isHttp = fields.kind === undefined || fields.kind === "http";
  return text(fields.method) || (isHttp ? "GET" : "POST");
}

/** `POST shop_url/api/ship`: without the scheme, and with templates cut down to their names. */
export function requestLine(fields: Record<string, unknown>): string {
  const url = text(fields.url)
    .replace(/\{\{\s*(?:vars|secrets)?\.?\s*([\w.]+)[^}]*\}\}/g, "$1")
    .replace(/^https?:\/\//, "");
  return [methodOf(fields), url].filter(Boolean).join(" ");
}
