/** A Python script that sends a message with the standard library, and signs it. Pure. */
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
  timestamp: "str(int(time.time()))",
  timestamp_ms: "str(int(time.time() * 1000))",
  timestamp_text: 'time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())',
};
const DECODERS = { base64: "base64.b64decode", hex: "bytes.fromhex" };

/** Null where only the program can sign. */
export function pythonSnippet(message: Message): string | null {
  const { credentials } = message;
  if (credentials.some(({ kind }) => kind === "program")) return null;
  const code = [
    `url = ${urlOf(message)}`,
    `body = ${hasBody(message) ? `${text(message.body)}.encode()` : 'b""'}`,
    ...hmacsOf(message).flatMap(({ recipe, secret }) => signatureLines(recipe, secret, message)),
    ...credentials.flatMap((each) => (each.kind === "jwt" ? tokenLines(each) : [])),
    ...headerLines(message),
    `request = urllib.request.Request(url, method=${text(message.method)}, headers=headers${hasBody(message) ? ", data=body" : ""})`,
    "try:",
    "    answer = urllib.request.urlopen(request)",
    "except urllib.error.HTTPError as refused:",
    "    answer = refused",
    "print(answer.status, answer.read().decode())",
  ];
  return [...imports(code.join("\n")), "", ...code].join("\n");
}

const MODULES = ["base64", "hashlib", "hmac", "json", "os", "time", "uuid"];

function imports(code: string): string[] {
  const used = MODULES.filter((name) => new RegExp(`(?<![\\w.])${name}\\.`).test(code));
  const quoted = code.includes("urllib.parse.") ? ["urllib.parse"] : [];
  return [...used, "urllib.error", ...quoted, "urllib.request"].map((name) => `import ${name}`);
}

function urlOf({ url, credentials }: Message): string {
  const key = credentials.find((each) => each.kind === "query");
  if (!key) return text(url);
  return `${text(keyParameter(url))} + urllib.parse.quote(${variable(key.secret)}, safe="")`;
}

function headerLines({ headers, credentials }: Message): string[] {
  const all = [
    ...headers.map(({ name, value }) => [name, text(value)] as const),
    ...credentials.flatMap(headersOf),
  ];
  if (all.length === 0) return ["headers = {}"];
  return ["headers = {", ...all.map(([name, value]) => `    ${text(name)}: ${value},`), "}"];
}

function headersOf(credential: Credential): [string, string][] {
  switch (credential.kind) {
    case "header": {
      const { prefix, secret, name } = credential;
      return [[name, (prefix === "" ? "" : `${text(prefix)} + `) + variable(secret)]];
    }
    case "basic": {
      const { username, secret } = credential;
      const pair = `(${text(`${username}:`)} + ${variable(secret)}).encode()`;
      return [["Authorization", `"Basic " + base64.b64encode(${pair}).decode()`]];
    }
    case "issued":
      return [["Authorization", '"Bearer " + os.environ["TOKEN"]']];
    case "jwt":
      return [["Authorization", '"Bearer " + unsigned + "." + proof']];
    case "hmac": {
      const { recipe } = credential;
      const value = piecesOf(recipe.value).map((piece) =>
        "text" in piece ? text(piece.text) : nameOf(piece.word),
      );
      return [
        ...(recipe.idHeader ? [[recipe.idHeader, "message_id"] as [string, string]] : []),
        ...(recipe.timestampHeader
          ? [[recipe.timestampHeader, "timestamp"] as [string, string]]
          : []),
        [recipe.header, value.join(" + ")],
      ];
    }
    default:
      return [];
  }
}

function signatureLines(recipe: Recipe, secret: string, message: Message): string[] {
  const time = timeOf(recipe);
  const signed = piecesOf(signedPattern(recipe, message.method)).map((piece) =>
    "text" in piece ? `${text(piece.text)}.encode()` : bytesOf(piece.word, message),
  );
  const digest = `hmac.new(key, ${signed.join(" + ") || 'b""'}, hashlib.${recipe.hash}).digest()`;
  return [
    ...(time ? [`timestamp = ${TIMES[time]}`] : []),
    ...(needsId(recipe) ? ['message_id = f"msg_{uuid.uuid4().hex}"'] : []),
    `key = ${keyOf(recipe, secret)}`,
    `signature = ${encoded(recipe, digest)}`,
  ];
}

function bytesOf(word: Word, message: Message): string {
  if (word === "body") return "body";
  if (word === "url") return `${text(message.url)}.encode()`;
  if (word === "path") return `${text(pathOf(message.url))}.encode()`;
  if (word === "method") return `${text(message.method)}.encode()`;
  return `${nameOf(word)}.encode()`;
}

function nameOf(word: Word): string {
  if (word.startsWith("timestamp")) return "timestamp";
  return word === "id" ? "message_id" : word;
}

function keyOf({ key }: Recipe, secret: string): string {
  const value = variable(secret);
  if (key === "text") return `${value}.encode()`;
  if (key === "whsec") return `base64.b64decode(${value}.replace("whsec_", "", 1))`;
  return `${DECODERS[key]}(${value})`;
}

function encoded({ encoding }: Recipe, digest: string): string {
  if (encoding === "hex") return `${digest}.hex()`;
  if (encoding === "base64") return `base64.b64encode(${digest}).decode()`;
  return `base64.urlsafe_b64encode(${digest}).decode().rstrip("=")`;
}

function tokenLines({ secret, issuer, audience }: Credential & { kind: "jwt" }): string[] {
  const claims = [
    '"exp": int(time.time()) + 300',
    ...(issuer ? [`"iss": ${text(issuer)}`] : []),
    ...(audience ? [`"aud": ${text(audience)}`] : []),
  ].join(", ");
  const digest = `hmac.new(${variable(secret)}.encode(), unsigned.encode(), hashlib.sha256).digest()`;
  return [
    "def encode(part):",
    '    return base64.urlsafe_b64encode(part).decode().rstrip("=")',
    "",
    `unsigned = encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "." + encode(json.dumps({${claims}}).encode())`,
    `proof = encode(${digest})`,
  ];
}

/** JSON's strings are Python's, too. */
const text = (value: string): string => JSON.stringify(value);

const variable = (secret: string): string => `os.environ["${variableOf(secret)}"]`;
