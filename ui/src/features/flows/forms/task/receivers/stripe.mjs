// Takes messages signed the way Stripe signs: Stripe-Signature. Node 20 or newer, no packages:
//   WEBHOOK_SECRET='…' PORT=3000 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { WEBHOOK_SECRET: secret, PORT: port = "3000" } = process.env;
if (!secret) throw new Error("Set WEBHOOK_SECRET to the secret of the webhook task.");
const TOLERANCE_S = 5 * 60;

/** The header has one time, and one signature or several of them while a secret is exchanged. */
function isGenuine(header, body) {
  const pairs = (header ?? "").split(",").map((pair) => pair.split("="));
  const time = pairs.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_S) return false;
  // The key is the whole text of the secret, with its whsec_ if it has one.
  const expected = createHmac("sha256", secret).update(`${time}.`).update(body).digest();
  return pairs.some(
    ([name, value]) =>
      name === "v1" &&
      /^[0-9a-f]{64}$/.test(value ?? "") &&
      timingSafeEqual(expected, Buffer.from(value, "hex")),
  );
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The raw bytes: a body that was parsed and written again has another signature.
  const body = Buffer.concat(chunks);
  if (!isGenuine(request.headers["stripe-signature"], body)) {
    response.writeHead(401).end("the signature does not fit\n");
    return;
  }
  console.log("genuine:", body.toString());
  response.writeHead(204).end();
});
server.listen(Number(port), () => console.log(`listening on port ${server.address().port}`));
