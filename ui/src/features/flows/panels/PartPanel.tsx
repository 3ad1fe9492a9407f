/** What belongs to a part and does not stand in its document. */
import type { FlowDetail } from "@/api";
import type { GraphNode } from "../graph";
import { EndpointPanel } from "./EndpointPanel";
import { RemotePanel } from "./RemotePanel";
import { SchedulePanel } from "./SchedulePanel";
import { TaskPanel } from "./TaskPanel";

export function PartPanel({ flow, node: { kind, part } }: { flow: FlowDetail; node: GraphNode }) {
  if (!part) return null;
  switch (kind) {
    case "endpoint":
      return <EndpointPanel flow={flow} name={part.name} />;
    case "schedule":
      return <SchedulePanel flow={flow} name={part.name} />;
    case "task":
      return <TaskPanel flow={flow} part={part} />;
    case "step":
      return part.fields.kind === "remote" ? <RemotePanel flow={flow} part={part} /> : null;
    default:
      return null;
  }
}
