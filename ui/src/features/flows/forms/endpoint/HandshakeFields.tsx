/** What a provider asks before it sends anything; the endpoint answers by itself. */
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "@/i18n";
import { text, texts } from "../../document";
import classes from "../common/Common.module.css";
import { LinesField, SecretField } from "../common/fields";
import type { Slot } from "../common/slot";
import { HANDSHAKES, impliedHandshake, NEEDS_SECRET, type HandshakeKind } from "./handshakes";

export function HandshakeFields({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const own = slot.inner("handshake");
  const implied = impliedHandshake(slot.fields.auth);
  const kind = text(own.fields.kind);
  const words = (name: HandshakeKind) => t(`handshake.kind.${name}`);
  const data = [
    {
      value: "",
      label: implied ? t("handshake.implied", { kind: words(implied) }) : t("handshake.unset"),
    },
    ...HANDSHAKES.map((value) => ({ value, label: words(value) })),
    ...(implied ? [{ value: "none", label: t("handshake.kind.none") }] : []),
  ];
  const says = HANDSHAKES.find((each) => each === (kind || implied));

  function choose(next: string) {
    if (next === "") return slot.set("handshake", undefined);
    const kept = NEEDS_SECRET.includes(next) && text(own.fields.secret);
    own.replace({ kind: next, ...(kept ? { secret: kept } : {}) });
  }

  return (
    <>
      <NativeSelect
        label={t("handshake.label")}
        data={data}
        value={kind}
        error={own.error("kind") ?? slot.error("handshake")}
        disabled={slot.context.isReadOnly}
        onChange={({ currentTarget: { value } }) => choose(value)}
      />
      {says && <p className={classes.hint}>{t(`handshake.says.${says}`)}</p>}
      {NEEDS_SECRET.includes(kind) && (
        <SecretField
          slot={own}
          name="secret"
          label={t("handshake.secret")}
          description={t(`handshake.secretHint.${kind as "zoom"}`)}
        />
      )}
      {kind === "cloudevents" && (
        <LinesField
          slot={own}
          name="origins"
          label={t("handshake.origins")}
          description={t("handshake.originsHint")}
          placeholder="eventemitter.example.com"
        />
      )}
      {kind === "asana" && texts(slot.fields.methods).length > 0 && (
        <p className={classes.hint}>{t("handshake.asanaHint")}</p>
      )}
    </>
  );
}
