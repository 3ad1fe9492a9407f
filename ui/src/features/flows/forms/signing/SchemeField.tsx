/** How messages are signed: one of the known schemes, or one that is described here. */
import { Select } from "@mantine/core";
import { DEFAULT_SCHEME, isTimed, SCHEMES, schemeNamed } from "@/features/endpoints/schemes";
import { recipeOf } from "@/features/endpoints/credentials";
import { useTranslation } from "@/i18n";
import { isFields, text } from "../../document";
import classes from "../common/Common.module.css";
import { ChoiceField, TextField } from "../common/fields";
import type { Slot } from "../common/slot";

const CUSTOM = "custom";
const OWN = {
  kind: CUSTOM,
  header: "X-Signature",
  value: "t={timestamp},v1={signature}",
  signed: "{timestamp}.{body}",
};

interface SchemeFieldProps {
  /** What has the key `scheme`. */
  slot: Slot;
  /** Said of a task, where none means ours. */
  hasUsual?: boolean;
}

export function SchemeField({ slot, hasUsual = false }: SchemeFieldProps) {
  const { t } = useTranslation("ways");
  const { scheme } = slot.fields;
  const isCustom = isFields(scheme);
  const value = isCustom ? CUSTOM : text(scheme) || (hasUsual ? DEFAULT_SCHEME : "");
  const way = isCustom ? recipeOf(scheme) : schemeNamed(value)?.way;
  const options = [
    ...SCHEMES.map(({ name, title }) => ({ value: name, label: title })),
    { value: CUSTOM, label: t("scheme.custom") },
  ];

  function choose(next: string | null) {
    if (next === null || next === value) return;
    if (next === CUSTOM) slot.set("scheme", OWN);
    else slot.set("scheme", hasUsual && next === DEFAULT_SCHEME ? undefined : next);
  }

  return (
    <>
      <Select
        label={t("scheme.label")}
        data={options}
        value={value === "" ? null : value}
        onChange={choose}
        placeholder={t("scheme.choose")}
        searchable
        allowDeselect={false}
        readOnly={slot.context.isReadOnly}
        error={slot.error("scheme")}
        nothingFoundMessage={t("scheme.nothing")}
        comboboxProps={{ withinPortal: false }}
      />
      {way && <SchemeWords way={way} />}
      {isCustom && <CustomScheme slot={slot.inner("scheme")} />}
    </>
  );
}

/** Which header it is, what is signed, and what follows from it. */
function SchemeWords({ way }: { way: Parameters<typeof isTimed>[0] }) {
  const { t } = useTranslation("ways");
  if (way === "program") return null;
  if ("token" in way)
    return <p className={classes.hint}>{t("scheme.token", { token: way.token })}</p>;
  return (
    <p className={classes.hint}>
      {t("scheme.says", { header: way.header, signed: way.signed, hash: way.hash.toUpperCase() })}
      {!isTimed(way) && ` ${t("scheme.untimed")}`}
    </p>
  );
}

const same = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));
const HASHES = same(["sha256", "sha1", "sha384", "sha512"]);
const ENCODINGS = same(["hex", "base64", "base64url"]);

function CustomScheme({ slot }: { slot: Slot }) {
  const { t } = useTranslation("ways");
  const keys = (["text", "base64", "hex"] as const).map((value) => ({
    value,
    label: t(`scheme.keys.${value}`),
  }));
  return (
    <div className={classes.way} role="group" aria-label={t("scheme.custom")}>
      <TextField slot={slot} name="header" label={t("scheme.header")} isRequired isMono />
      <TextField
        slot={slot}
        name="value"
        label={t("scheme.value")}
        description={t("scheme.valueHint")}
        placeholder="{signature}"
        isMono
      />
      <TextField
        slot={slot}
        name="signed"
        label={t("scheme.signed")}
        description={t("scheme.signedHint")}
        isRequired
        isMono
      />
      <div className={classes.pair}>
        <ChoiceField
          slot={slot}
          name="hash"
          label={t("scheme.hash")}
          options={HASHES}
          usual="sha256"
        />
        <ChoiceField
          slot={slot}
          name="encoding"
          label={t("scheme.encoding")}
          options={ENCODINGS}
          usual="hex"
        />
        <ChoiceField slot={slot} name="key" label={t("scheme.key")} options={keys} usual="text" />
      </div>
      <div className={classes.pair}>
        <TextField
          slot={slot}
          name="timestamp_header"
          label={t("scheme.timestampHeader")}
          description={t("scheme.elsewhere")}
          isMono
        />
        <TextField
          slot={slot}
          name="id_header"
          label={t("scheme.idHeader")}
          description={t("scheme.elsewhere")}
          isMono
        />
      </div>
    </div>
  );
}
