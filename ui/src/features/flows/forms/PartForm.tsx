/** The one entry to the forms of a flow's parts: which form a kind has. Each is loaded when it is first looked at. */
import { lazy, type ComponentType } from "react";
import type { NodeKind } from "../graph";
import type { PartFormProps } from "./types";

const FORMS: Record<Exclude<NodeKind, "end">, ComponentType<PartFormProps>> = {
  step: lazy(() => import("./steps/StepForm")),
  endpoint: lazy(() =>
    import("./endpoint/EndpointForm").then((file) => ({ default: file.EndpointForm })),
  ),
  task: lazy(() => import("./task/TaskForm").then((file) => ({ default: file.TaskForm }))),
  schedule: lazy(() =>
    import("./schedule/ScheduleForm").then((file) => ({ default: file.ScheduleForm })),
  ),
  output: lazy(() => import("./part/OutputForm")),
};

interface Props extends PartFormProps {
  kind: Exclude<NodeKind, "end">;
}

export function PartForm({ kind, ...props }: Props) {
  const Form = FORMS[kind];
  return <Form {...props} />;
}
