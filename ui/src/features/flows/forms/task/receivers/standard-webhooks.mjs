// Takes messages signed by Standard Webhooks. Node 20 or newer, no packages:
//   WEBHOOK_SECRET='whsec_…' PORT=3000 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { WEBHOOK_SECRET: secret, PORT: port = "3000" } = process.env;
if (!secret) throw new Error("Set WEBHOOK_SECRET to the secret of the webhook task.");
const TOLERANCE_S = 5 * 60;
// What follows whsec_ is the key in base64.
const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");

function isGenuine(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const time = headers["webhook-timestamp"] ?? "";
  if (id === "" || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_S) return false;
  const expected = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest();
  // There may be several while a secret is exchanged, and newer versions beside v1.
  return (headers["webhook-signature"] ?? "").split(" ").some((each) => {
    const [, signature] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(each) ?? [];
    return signature !== undefined && timingSafeEqual(expected, Buffer.from(signature, "base64"));
  });
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The raw bytes: a body that was parsed and written again has another signature.
  const body = Buffer.concat(chunks);
  if (!isGenuine(request.headers, body)) {
    response.writeHead(401).end("the signature does not fit\n");
    return;
  }
  // The same webhook-id again is the same message: handle it once.
  console.log("genuine:", request.headers["webhook-id"], body.toString());
  response.writeHead(204).end();
});
server.listen(Number(port), () => console.log(`listening on port ${server.address().port}`));
