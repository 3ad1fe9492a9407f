// Takes messages signed the way GitHub signs: X-Hub-Signature-256. Node 20 or newer, no packages:
//   WEBHOOK_SECRET='…' PORT=3000 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { WEBHOOK_SECRET: secret, PORT: port = "3000" } = process.env;
if (!secret) throw new Error("Set WEBHOOK_SECRET to the secret of the webhook task.");

function isGenuine(header, body) {
  const [, signature] = /^sha256=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (!signature) return false;
  const expected = createHmac("sha256", secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The raw bytes: a body that was parsed and written again has another signature.
  const body = Buffer.concat(chunks);
  if (!isGenuine(request.headers["x-hub-signature-256"], body)) {
    response.writeHead(401).end("the signature does not fit\n");
    return;
  }
  // No time is signed: whoever recorded a message can send it again. Remember what you have handled.
  console.log("genuine:", body.toString());
  response.writeHead(204).end();
});
server.listen(Number(port), () => console.log(`listening on port ${server.address().port}`));
