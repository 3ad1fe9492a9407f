/** A shell script that sends a message with cURL, and signs it with openssl. Pure. */
import { quote } from "@/design/curl";
import { variableOf } from "../credentials";
import type { Credential } from "../credentials";
import type { Recipe } from "../schemes";
import {
  hasBody,
  keyParameter,
  needsId,
  pathOf,
  piecesOf,
  signedPattern,
  timeOf,
  type Message,
  type Word,
} from "./message";

const TIMES = {
  timestamp: "$(date +%s)",
  timestamp_ms: "$(date +%s)000",
  timestamp_text: "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
};
const BYTES = "od -An -vtx1";
const HEX = `${BYTES} | tr -d ' \\n'`;

export function curlSnippet(message: Message): string {
  const { method, credentials, headers } = message;
  const lines = new Set<string>();
  const options: string[] = [];
  let url = quote(message.url);
  for (const credential of credentials) {
    const value = credentialOf(credential, message, lines);
    if (value === null) continue;
    if ("query" in value) url = `${quote(keyParameter(message.url))}"${value.query}"`;
    else options.push(...value.options);
  }
  const all = [
    ...headers.map(({ name, value }) => `-H ${quote(`${name}: ${value}`)}`),
    ...options,
    ...(hasBody(message) ? [`--data-raw "$body"`] : []),
  ];
  const call = [`curl -X ${method} ${url}`, ...all].join(" \\\n  ");
  const body = hasBody(message) ? [`body=${quote(message.body)}`] : [];
  return [...body, ...lines, call].join("\n");
}

function credentialOf(
  credential: Credential,
  message: Message,
  lines: Set<string>,
): { query: string } | { options: string[] } | null {
  switch (credential.kind) {
    case "query":
      // Percent-encoded, byte by byte: a key may have any character.
      lines.add(
        `key=$(printf '%s' "${variable(credential.secret)}" | ${BYTES} | tr -d '\\n' | tr ' ' '%')`,
      );
      return { query: "$key" };
    case "header":
      return {
        options: [`-H "${credential.name}: ${credential.prefix}${variable(credential.secret)}"`],
      };
    case "basic":
      return {
        options: [`-u ${quote(`${credential.username}:`)}"${variable(credential.secret)}"`],
      };
    case "issued":
      return { options: [`-H "Authorization: Bearer $TOKEN"`] };
    case "jwt":
      for (const line of tokenLines(credential)) lines.add(line);
      return { options: [`-H "Authorization: Bearer $head.$claims.$proof"`] };
    case "program": {
      const { scheme, secret } = credential;
      const target = ` --method ${message.method} --url ${quote(message.url)}`;
      lines.add(`printf '%s' "$body" > body.bin`);
      lines.add(
        `printf '%s' "${variable(secret)}" | hookloom sign --scheme ${scheme} --secret-stdin${target} body.bin > signed.txt`,
      );
      return { options: ["-H @signed.txt"] };
    }
    case "hmac": {
      const { recipe, secret } = credential;
      for (const line of signatureLines(recipe, secret, message)) lines.add(line);
      return { options: headersOf(recipe, message) };
    }
  }
}

function signatureLines(recipe: Recipe, secret: string, message: Message): string[] {
  const time = timeOf(recipe);
  const signed = written(signedPattern(recipe, message.method), message);
  return [
    ...(time ? [`${time}="${TIMES[time]}"`] : []),
    ...(needsId(recipe) ? [`id="msg_$(openssl rand -hex 12)"`] : []),
    `signature=$(printf '%s' ${signed} | openssl dgst -${recipe.hash} ${keyOption(recipe, secret)} -binary | ${encoder(recipe)})`,
  ];
}

function headersOf(recipe: Recipe, message: Message): string[] {
  const time = timeOf(recipe);
  return [
    ...(recipe.idHeader ? [`-H "${recipe.idHeader}: $id"`] : []),
    ...(recipe.timestampHeader && time ? [`-H "${recipe.timestampHeader}: \${${time}}"`] : []),
    `-H ${written(`${recipe.header}: ${recipe.value}`, message)}`,
  ];
}

/** Literal text quoted singly, words in double quotes, one beside the other. */
function written(pattern: string, message: Message): string {
  const pieces = piecesOf(pattern).map((piece) =>
    "text" in piece ? quote(piece.text) : word(piece.word, message),
  );
  return pieces.join("") || `""`;
}

function word(name: Word, message: Message): string {
  if (name === "url") return quote(message.url);
  if (name === "path") return quote(pathOf(message.url));
  if (name === "method") return message.method;
  if (name === "body" && !hasBody(message)) return `""`;
  return `"$${name}"`;
}

function keyOption({ key }: Recipe, secret: string): string {
  const name = variableOf(secret);
  if (key === "text") return `-hmac "$${name}"`;
  if (key === "hex") return `-mac HMAC -macopt hexkey:"$${name}"`;
  const encoded = key === "whsec" ? `\${${name}#whsec_}` : `$${name}`;
  return `-mac HMAC -macopt hexkey:"$(printf '%s' "${encoded}" | openssl base64 -d -A | ${HEX})"`;
}

function encoder({ encoding }: Recipe): string {
  if (encoding === "hex") return HEX;
  const base64 = "openssl base64 -A";
  return encoding === "base64" ? base64 : `${base64} | tr '+/' '-_' | tr -d '='`;
}

function tokenLines({ secret, issuer, audience }: Credential & { kind: "jwt" }): string[] {
  const claims = [
    `"exp":'$(($(date +%s) + 300))'`,
    ...(issuer ? [`"iss":${JSON.stringify(issuer)}`] : []),
    ...(audience ? [`"aud":${JSON.stringify(audience)}`] : []),
  ].join(",");
  return [
    `encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }`,
    `head=$(printf '%s' '{"alg":"HS256","typ":"JWT"}' | encode)`,
    `claims=$(printf '%s' '{${claims}}' | encode)`,
    `proof=$(printf '%s' "$head.$claims" | openssl dgst -sha256 -hmac "${variable(secret)}" -binary | encode)`,
  ];
}

const variable = (secret: string): string => `$${variableOf(secret)}`;
