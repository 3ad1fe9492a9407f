/** Who may call an endpoint: one way of authentication, or several of them inside each other. */
import { Button, NativeSelect } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconTrash } from "@tabler/icons-react";
import { IconAction } from "@/design";
import { useTranslation } from "@/i18n";
import { text } from "../../document";
import classes from "../common/Common.module.css";
import {
  ChoiceField,
  LinesField,
  LongTextField,
  SecretField,
  TextField,
  WholeField,
} from "../common/fields";
import type { Slot } from "../common/slot";
import { SchemeField } from "../signing/SchemeField";
import { authOfKind, AUTH_KINDS, DEPTH_MAX, SEVERAL, WAYS_MAX, type AuthKindName } from "./auth";
import { PreviousFields } from "./PreviousFields";

interface AuthFieldsProps {
  slot: Slot;
  /** The endpoint's name, which a new secret is named after. */
  endpoint: string;
  /** How many others it stands inside. */
  depth?: number;
}

export function AuthFields({ slot, endpoint, depth = 0 }: AuthFieldsProps) {
  const { t } = useTranslation("ways");
  const kind = text(slot.fields.kind);
  const offered = AUTH_KINDS.filter((each) => depth + 1 < DEPTH_MAX || !SEVERAL.includes(each));
  const words = offered.map((value) => ({ value, label: t(`auth.kind.${value}`) }));
  const isKnown = offered.some((each) => each === kind);
  const data = isKnown ? words : [{ value: kind, label: kind || t("auth.choose") }, ...words];
  return (
    <>
      <NativeSelect
        label={t("auth.label")}
        data={data}
        value={kind}
        error={slot.error("kind") ?? slot.error("")}
        disabled={slot.context.isReadOnly}
        onChange={({ currentTarget: { value } }) =>
          slot.replace(authOfKind(value as AuthKindName, slot.fields))
        }
      />
      <OfKind slot={slot} endpoint={endpoint} depth={depth} />
    </>
  );
}

function OfKind({ slot, endpoint, depth }: Required<AuthFieldsProps>) {
  const { t } = useTranslation("ways");
  const secret = (label: string, description?: string) => (
    <>
      <SecretField
        slot={slot}
        name="secret"
        label={label}
        suggestion={`${endpoint.replaceAll("-", "_")}_key`}
        {...(description ? { description } : {})}
      />
      <PreviousFields slot={slot} />
    </>
  );
  switch (slot.fields.kind) {
    case "none":
      return (
        <p className={classes.note}>
          <IconAlertTriangle size={16} aria-hidden />
          {t("auth.noneText")}
        </p>
      );
    case "shared_key":
      return (
        <>
          {secret(t("auth.secret"))}
          <TextField
            slot={slot}
            name="header"
            label={t("auth.keyHeader")}
            description={t("auth.keyHeaderHint")}
            isMono
          />
        </>
      );
    case "api_key":
      return (
        <>
          {secret(t("auth.secret"))}
          <TextField
            slot={slot}
            name="header"
            label={t("auth.header")}
            placeholder="X-Api-Key"
            isMono
          />
        </>
      );
    case "bearer":
      return secret(t("auth.token"), t("auth.tokenHint"));
    case "basic":
      return (
        <>
          <TextField slot={slot} name="username" label={t("auth.username")} isRequired />
          {secret(t("auth.password"))}
        </>
      );
    case "jwt":
      return <TokenFields slot={slot}>{secret}</TokenFields>;
    case "signature":
      return (
        <>
          <SchemeField slot={slot} />
          {secret(t("auth.signing"))}
          <WholeField
            slot={slot}
            name="tolerance_s"
            label={t("auth.tolerance")}
            description={t("auth.toleranceHint")}
            least={1}
            most={86_400}
            bad={t("auth.toleranceBad")}
            placeholder="300"
          />
        </>
      );
    case "ip":
      return (
        <LinesField
          slot={slot}
          name="ranges"
          label={t("auth.ranges")}
          description={t("auth.rangesHint")}
          placeholder={"203.0.113.0/24\n2001:db8::/32"}
        />
      );
    case "any":
    case "all":
      return <SeveralFields slot={slot} endpoint={endpoint} depth={depth} />;
    default:
      return null;
  }
}

const ALGORITHMS = ["HS256", "ES256", "EdDSA", "RS256"].map((name) => ({
  value: name,
  label: name,
}));

function TokenFields({
  slot,
  children,
}: {
  slot: Slot;
  children: (label: string, description: string) => React.ReactNode;
}) {
  const { t } = useTranslation("ways");
  const isShared = text(slot.fields.algorithm) === "HS256";
  return (
    <>
      <ChoiceField
        slot={slot}
        name="algorithm"
        label={t("auth.algorithm")}
        options={ALGORITHMS}
        {...(isShared ? {} : { description: t("auth.algorithmHint") })}
      />
      {!isShared && (
        <LongTextField
          slot={slot}
          name="public_key"
          label={t("auth.publicKey")}
          description={t("auth.publicKeyHint")}
          placeholder="-----BEGIN PUBLIC KEY-----"
        />
      )}
      {(isShared || slot.fields.public_key === undefined) &&
        children(t("auth.jwtSecret"), t(isShared ? "auth.jwtShared" : "auth.jwtPem"))}
      <div className={classes.pair}>
        <TextField slot={slot} name="issuer" label={t("auth.issuer")} />
        <TextField slot={slot} name="audience" label={t("auth.audience")} />
      </div>
    </>
  );
}

function SeveralFields({ slot, endpoint, depth }: Required<AuthFieldsProps>) {
  const { t } = useTranslation("ways");
  const ways = slot.items("of");
  const isFull = ways.length >= WAYS_MAX || slot.context.isReadOnly;
  return (
    <div
      className={classes.group}
      role="group"
      aria-label={t(slot.fields.kind === "all" ? "auth.kind.all" : "auth.kind.any")}
    >
      {ways.map((way, at) => (
        <div
          key={at}
          className={classes.way}
          role="group"
          aria-label={t("auth.way", { n: at + 1 })}
        >
          <div className={classes.wayHead}>
            {t("auth.way", { n: at + 1 })}
            {!slot.context.isReadOnly && ways.length > 1 && (
              <IconAction
                Icon={IconTrash}
                label={t("auth.removeWay", { n: at + 1 })}
                onClick={() => way.replace(undefined)}
              />
            )}
          </div>
          <AuthFields slot={way} endpoint={endpoint} depth={depth + 1} />
        </div>
      ))}
      <div className={classes.row}>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={isFull}
          onClick={() =>
            slot.set("of", [...ways.map(({ fields }) => fields), authOfKind("shared_key", {})])
          }
        >
          {t("auth.addWay")}
        </Button>
      </div>
    </div>
  );
}
