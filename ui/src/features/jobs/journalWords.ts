/** Journal events on one line. Their names come from the engine: a new one is shown, not refused. */
const DETAILS_MAX_CHARS = 200;

/** `step_finished` or `StepFinished` as "Step finished". */
export function eventName(event: Record<string, unknown>): string {
  const type = [event.type, event.kind, event.event].find((each) => typeof each === "string");
  const words = String(type ?? "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .split("_")
    .join(" ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The event's plain values, as `name value` pairs. */
export function eventDetails(event: Record<string, unknown>): string {
  return Object.entries(event)
    .filter(([name, value]) => name !== "type" && value !== null && typeof value !== "object")
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(" · ")
    .slice(0, DETAILS_MAX_CHARS);
}
