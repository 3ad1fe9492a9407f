/** An answer of the endpoint's own, in place of the usual one. */
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import { WholeField } from "../common/fields";
import { given, type Slot } from "../common/slot";
import { JsonField } from "../fields/JsonField";
import { PairsTable } from "../fields/PairsTable";
import { TemplateField } from "../TemplateField";
import { bodyPlace } from "../steps/body";

export function AnswerFields({ slot, name }: { slot: Slot; name: "response" | "off_response" }) {
  const { t } = useTranslation("ways");
  const own = slot.inner(name);
  const { body, headers } = own.fields;
  const isText = body === undefined || typeof body === "string";
  const of = t(`endpoint.answer.${name}`);
  return (
    <>
      <WholeField
        slot={own}
        name="status"
        label={t("endpoint.answer.status", { of })}
        least={200}
        most={599}
        bad={t("endpoint.answer.statusBad")}
        placeholder="200"
      />
      <PairsTable
        label={t("endpoint.answer.headers", { of })}
        value={headers}
        onChange={(value) => own.set("headers", value)}
        kind="headers"
        place="header"
        context={slot.context}
        error={own.error("headers")}
      />
      {isText ? (
        <TemplateField
          label={t("endpoint.answer.body", { of })}
          description={t("endpoint.answer.bodyHint")}
          value={text(body)}
          onChange={(value) => own.set("body", given(value))}
          place={bodyPlace(own.fields)}
          context={slot.context}
          error={own.error("body")}
          isLong
        />
      ) : (
        <JsonField
          label={t("endpoint.answer.body", { of })}
          value={body}
          onChange={(value) => own.set("body", value)}
          context={slot.context}
          error={own.error("body")}
        />
      )}
    </>
  );
}
