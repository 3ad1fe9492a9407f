/** The fields of a part in words, where it has no form: they are changed under JSON. */
import type { NodeKind } from "../../graph";
import { PartFields } from "../../PartFields";
import type { PartFormProps } from "../types";

const asRead = (kind: NodeKind) =>
  function AsRead({ fields }: PartFormProps) {
    return <PartFields kind={kind} fields={fields} />;
  };

export const EndpointAsRead = asRead("endpoint");
export const TaskAsRead = asRead("task");
export const ScheduleAsRead = asRead("schedule");
