/** A JavaScript module that sends a message with Node, and signs it. Pure. */
import { variableOf, type Credential } from "../credentials";
import type { Recipe } from "../schemes";
import {
  hasBody,
  hmacsOf,
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
  timestamp: "String(Math.floor(Date.now() / 1000))",
  timestamp_ms: "String(Date.now())",
  timestamp_text: "new Date().toISOString()",
};
const NAMES: Record<Word, string> = {
  body: "body",
  id: "id",
  method: "method",
  path: "path",
  signature: "signature",
  timestamp: "timestamp",
  timestamp_ms: "timestamp",
  timestamp_text: "timestamp",
  url: "url",
};

/** Null where only the program can sign. */
export function javascriptSnippet(message: Message): string | null {
  const { credentials } = message;
  if (credentials.some(({ kind }) => kind === "program")) return null;
  const hmacs = hmacsOf(message);
  const token = credentials.find((each) => each.kind === "jwt");
  const withId = hmacs.some(({ recipe }) => needsId(recipe));
  const imported = [
    ...(hmacs.length > 0 || token ? ["createHmac"] : []),
    ...(withId ? ["randomUUID"] : []),
  ];
  const names = new Set(hmacs.flatMap(({ recipe }) => wordsOf(recipe, message)));
  const lines = [
    ...(imported.length > 0 ? [`import { ${imported.join(", ")} } from "node:crypto";`, ""] : []),
    `const url = ${urlOf(message)};`,
    ...(hasBody(message) ? [`const body = ${JSON.stringify(message.body)};`] : []),
    ...(!hasBody(message) && names.has("body") ? [`const body = "";`] : []),
    ...(names.has("method") ? [`const method = ${JSON.stringify(message.method)};`] : []),
    ...(names.has("path") ? [`const path = ${JSON.stringify(pathOf(message.url))};`] : []),
    ...hmacs.flatMap(({ recipe, secret }) => signatureLines(recipe, secret, message)),
    ...(token ? tokenLines(token) : []),
    "",
    "const answer = await fetch(url, {",
    `  method: ${JSON.stringify(message.method)},`,
    ...headerLines(message),
    ...(hasBody(message) ? ["  body,"] : []),
    "});",
    "console.log(answer.status, await answer.text());",
  ];
  return lines.join("\n");
}

function wordsOf(recipe: Recipe, message: Message): string[] {
  const patterns = [signedPattern(recipe, message.method), recipe.value].flatMap(piecesOf);
  return patterns.flatMap((piece) => ("word" in piece ? [NAMES[piece.word]] : []));
}

function urlOf({ url, credentials }: Message): string {
  const key = credentials.find((each) => each.kind === "query");
  if (!key) return JSON.stringify(url);
  return `${JSON.stringify(keyParameter(url))} + encodeURIComponent(${variable(key.secret)})`;
}

function headerLines({ headers, credentials }: Message): string[] {
  const lines = headers.map(({ name, value }) => [name, JSON.stringify(value)]);
  const all = [...lines, ...credentials.flatMap(headersOf)];
  if (all.length === 0) return [];
  return [
    "  headers: {",
    ...all.map(([name, value]) => `    ${JSON.stringify(name)}: ${value},`),
    "  },",
  ];
}

function headersOf(credential: Credential): [string, string][] {
  switch (credential.kind) {
    case "header": {
      const { prefix, secret, name } = credential;
      const value = variable(secret);
      return [[name, prefix === "" ? value : `\`${prefix}\${${value}}\``]];
    }
    case "basic": {
      const { username, secret } = credential;
      const pair = `Buffer.from(${JSON.stringify(`${username}:`)} + ${variable(secret)})`;
      return [["Authorization", `"Basic " + ${pair}.toString("base64")`]];
    }
    case "issued":
      return [["Authorization", "`Bearer ${process.env.TOKEN}`"]];
    case "jwt":
      return [["Authorization", "`Bearer ${unsigned}.${proof}`"]];
    case "hmac": {
      const { recipe } = credential;
      return [
        ...(recipe.idHeader ? [[recipe.idHeader, "id"] as [string, string]] : []),
        ...(recipe.timestampHeader
          ? [[recipe.timestampHeader, "timestamp"] as [string, string]]
          : []),
        [recipe.header, literal(recipe.value)],
      ];
    }
    default:
      return [];
  }
}

function signatureLines(recipe: Recipe, secret: string, message: Message): string[] {
  const time = timeOf(recipe);
  const signed = literal(signedPattern(recipe, message.method));
  return [
    ...(time ? [`const timestamp = ${TIMES[time]};`] : []),
    ...(needsId(recipe) ? ["const id = `msg_${randomUUID()}`;"] : []),
    `const key = ${keyOf(recipe, secret)};`,
    `const signature = createHmac("${recipe.hash}", key).update(${signed}).digest("${recipe.encoding}");`,
  ];
}

function keyOf({ key }: Recipe, secret: string): string {
  const value = variable(secret);
  if (key === "text") return value;
  if (key === "whsec") return `Buffer.from(${value}.replace(/^whsec_/, ""), "base64")`;
  return `Buffer.from(${value}, "${key}")`;
}

/** A template literal, or the name alone. */
function literal(pattern: string): string {
  const pieces = piecesOf(pattern);
  const [first] = pieces;
  if (pieces.length === 1 && first && "word" in first) return NAMES[first.word];
  const inner = pieces.map((piece) =>
    "text" in piece
      ? piece.text.replaceAll(/[`\\]|\$(?=\{)/g, (mark) => `\\${mark}`)
      : `\${${NAMES[piece.word]}}`,
  );
  return `\`${inner.join("")}\``;
}

function tokenLines({ secret, issuer, audience }: Credential & { kind: "jwt" }): string[] {
  const claims = [
    "exp: Math.floor(Date.now() / 1000) + 300",
    ...(issuer ? [`iss: ${JSON.stringify(issuer)}`] : []),
    ...(audience ? [`aud: ${JSON.stringify(audience)}`] : []),
  ].join(", ");
  return [
    `const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");`,
    `const unsigned = \`\${encode({ alg: "HS256", typ: "JWT" })}.\${encode({ ${claims} })}\`;`,
    `const proof = createHmac("sha256", ${variable(secret)}).update(unsigned).digest("base64url");`,
  ];
}

const variable = (secret: string): string => `process.env.${variableOf(secret)}`;
