/** What the address of the deliveries' page may carry. */
import type { DeliveryStatus } from "@/api";

export const DELIVERY_STATUSES = [
  "pending",
  "sending",
  "waiting",
  "delivered",
  "failed",
  "canceled",
] as const satisfies DeliveryStatus[];

export interface DeliveriesSearch {
  status?: DeliveryStatus | undefined;
  flow?: string | undefined;
  id?: string | undefined;
}

export function deliveriesSearch(raw: Record<string, unknown>): DeliveriesSearch {
  const status = DELIVERY_STATUSES.find((each) => each === raw.status);
  return {
    ...(status ? { status } : {}),
    ...(typeof raw.flow === "string" ? { flow: raw.flow } : {}),
    ...(typeof raw.id === "string" ? { id: raw.id } : {}),
  };
}
