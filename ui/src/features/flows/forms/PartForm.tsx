/** The one entry to the forms of a flow's parts: which form a kind has. Each is loaded when it is first looked at. */
import { lazy, type ComponentType } from "react";
import type { NodeKind } from "../graph";
import type { PartFormProps } from "./types";

const FORMS: Record<Exclude<NodeKind, "end">, ComponentType<PartFormProps>> = {
  step: lazy(() => import("./part/FieldsAsRead").then((file) => ({ default: file.StepAsRead }))),
  endpoint: lazy(() =>
    import("./part/FieldsAsRead").then((file) => ({ default: file.EndpointAsRead })),
  ),
  task: lazy(() => import("./part/FieldsAsRead").then((file) => ({ default: file.TaskAsRead }))),
  schedule: lazy(() =>
    import("./part/FieldsAsRead").then((file) => ({ default: file.ScheduleAsRead })),
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
