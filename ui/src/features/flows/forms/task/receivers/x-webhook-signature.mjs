// Takes messages signed with X-Webhook-Signature. Node 20 or newer, no packages:
//   WEBHOOK_SECRET='…' PORT=3000 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { WEBHOOK_SECRET: secret, PORT: port = "3000", PUBLIC_URL: publicUrl } = process.env;
if (!secret) throw new Error("Set WEBHOOK_SECRET to the secret of the webhook task.");
const TOLERANCE_MS = 5 * 60 * 1000;

/** `content` is the body as it came; for GET and DELETE it is the absolute URL. */
function isGenuine(header, content) {
  const [, time, signature] = /^t=(\d{1,15}),sha256=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (!signature || Math.abs(Date.now() - Number(time)) > TOLERANCE_MS) return false;
  const expected = createHmac("sha256", secret).update(`${time}.`).update(content).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The raw bytes: a body that was parsed and written again has another signature.
  const body = Buffer.concat(chunks);
  // Behind a proxy, PUBLIC_URL is the address that the sender calls.
  const url = new URL(request.url, publicUrl ?? `http://${request.headers.host}`).href;
  const isUrlSigned = request.method === "GET" || request.method === "DELETE";
  if (!isGenuine(request.headers["x-webhook-signature"], isUrlSigned ? url : body)) {
    response.writeHead(401).end("the signature does not fit\n");
    return;
  }
  console.log("genuine:", body.toString());
  response.writeHead(204).end();
});
server.listen(Number(port), () => console.log(`listening on port ${server.address().port}`));
