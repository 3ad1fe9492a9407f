/** One delivery: attempts with their timings on the left, then the request and its answer in full. */
import { useState } from "react";
import { useDelivery, type Delivery } from "@/api";
import classes from "./DeliveryDetail.module.css";
import { DeliveryCard } from "./DeliveryCard";
import { AnswerPane, RequestSentPane } from "./ExchangePanes";

interface DeliveryDetailProps {
  /** What is known already; the whole exchange is read if it is not in there. */
  delivery: Delivery;
  onResent: (delivery: Delivery) => void;
  /** Side by side below a table, or one under the other beside a list. */
  layout: "wide" | "narrow";
}

export function DeliveryDetail({ delivery: known, onResent, layout }: DeliveryDetailProps) {
  const { data } = useDelivery(known.id);
  const delivery = data?.id === known.id ? data : known;
  const [chosen, setChosen] = useState<number>();
  const attempt = delivery.attempts.find(({ n }) => n === chosen) ?? delivery.attempts.at(-1);
  return (
    <div className={layout === "wide" ? classes.wide : classes.narrow}>
      <DeliveryCard
        delivery={delivery}
        attempt={attempt}
        onChoose={setChosen}
        onResent={onResent}
        withLinks={layout === "narrow"}
      />
      <RequestSentPane attempt={attempt} />
      <AnswerPane attempt={attempt} />
    </div>
  );
}
