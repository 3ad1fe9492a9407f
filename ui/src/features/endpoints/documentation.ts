/** What a sender has to know of an endpoint, as Markdown. The words come from the i18n files. */
import type { TFunction } from "i18next";
import { isFields, text, texts, type Fields } from "@/features/flows/document";
import { bytesText } from "@/features/flows/forms/common/bytes";
import { BODY_BYTES_USUAL } from "@/features/flows/forms/endpoint/endpoint";
import { variableOf, type Credential } from "./credentials";
import { hasParameters } from "./endpointUrls";
import { messageTo } from "./message";
import { snippetIn } from "./snippets";

type Words = TFunction<"ways">;

export function endpointDocumentation(t: Words, endpoint: Fields, url: string): string {
  const message = messageTo(endpoint, url);
  const methods = texts(endpoint.methods);
  const sections = [
    `# ${text(endpoint.name)}`,
    `\`\`\`\n${methods.length > 0 ? methods.join(", ") : "POST"} ${message.url}\n\`\`\``,
    ...(hasParameters(url) ? [t("docs.parameters")] : []),
    `## ${t("docs.who")}`,
    list(authWords(t, endpoint, message.credentials)),
    ...bodyWords(t, endpoint),
    `## ${t("docs.example")}`,
    `\`\`\`sh\n${snippetIn("curl", message) ?? ""}\n\`\`\``,
    `## ${t("docs.answers")}`,
    answers(t, endpoint),
    t("docs.repeats"),
  ];
  return `${sections.join("\n\n")}\n`;
}

function authWords(t: Words, endpoint: Fields, credentials: Credential[]): string[] {
  const auth = isFields(endpoint.auth) ? endpoint.auth : {};
  const said = credentials.map((each) => credentialWords(t, each));
  if (auth.kind === "ip") return [t("docs.ip", { ranges: texts(auth.ranges).join(", ") })];
  return said.length === 0 ? [t("docs.open")] : said;
}

function credentialWords(t: Words, credential: Credential): string {
  const secret = "secret" in credential ? variableOf(credential.secret) : "";
  switch (credential.kind) {
    case "query":
      return t("docs.query", { secret });
    case "header":
      return t("docs.header", {
        header: credential.name,
        value: `${credential.prefix}$${secret}`,
      });
    case "basic":
      return t("docs.basic", { username: credential.username, secret });
    case "jwt":
      return t("docs.jwt", { secret });
    case "issued":
      return t("docs.issued", { algorithm: credential.algorithm });
    case "program":
      return t("docs.program", { scheme: credential.scheme });
    case "hmac": {
      const { header, value, signed, hash } = credential.recipe;
      return t("docs.hmac", { header, value, signed, hash: hash.toUpperCase(), secret });
    }
  }
}

function bodyWords(t: Words, endpoint: Fields): string[] {
  const types = texts(endpoint.content_types);
  const limits = isFields(endpoint.limits) ? endpoint.limits : {};
  const bytes =
    typeof limits.body_bytes_max === "number" ? limits.body_bytes_max : BODY_BYTES_USUAL;
  const rate = limits.requests_per_minute_max;
  const lines = [
    ...(types.length > 0 ? [t("docs.types", { types: types.join(", ") })] : []),
    t("docs.size", { size: bytesText(bytes) }),
    ...(typeof rate === "number" ? [t("docs.rate", { rate })] : []),
  ];
  const schema = isFields(endpoint.schema)
    ? [t("docs.schema"), `\`\`\`json\n${JSON.stringify(endpoint.schema, null, 2)}\n\`\`\``]
    : [];
  return [`## ${t("docs.body")}`, list(lines), ...schema];
}

function answers(t: Words, endpoint: Fields): string {
  const own = isFields(endpoint.response) ? endpoint.response.status : undefined;
  const limits = isFields(endpoint.limits) ? endpoint.limits : {};
  const rows: [number | string, string][] = [
    [
      typeof own === "number" ? own : 200,
      t(endpoint.mode === "sync" ? "docs.status.sync" : "docs.status.accepted"),
    ],
    [400, t("docs.status.malformed")],
    [401, t("docs.status.credentials")],
    ...(texts(endpoint.allowed_origins).length > 0
      ? ([[403, t("docs.status.origin")]] as [number, string][])
      : []),
    [405, t("docs.status.method")],
    [413, t("docs.status.large")],
    ...(texts(endpoint.content_types).length > 0
      ? ([[415, t("docs.status.type")]] as [number, string][])
      : []),
    ...(typeof limits.requests_per_minute_max === "number"
      ? ([[429, t("docs.status.rate")]] as [number, string][])
      : []),
    [503, t("docs.status.later")],
  ];
  const lines = rows.map(([status, words]) => `| ${status} | ${words} |`);
  return [`| ${t("docs.statusHead")} | ${t("docs.meaning")} |`, "|---|---|", ...lines].join("\n");
}

const list = (items: string[]): string => items.map((item) => `- ${item}`).join("\n");
