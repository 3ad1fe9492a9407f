// A receiver as somebody else would write it: Express, and the three steps that the documentation of
// X-Webhook-Signature gives. Prints its port, then one line of JSON for each message that it got.
//
// Usage: node express_receiver.cjs SECRET

const crypto = require('node:crypto');
const path = require('node:path');
const { createRequire } = require('node:module');

// Packages are installed in one place: the UI's.
const express = createRequire(path.join(__dirname, '../../ui/package.json'))('express');

const secret = process.argv[2];
const app = express();
app.use(express.raw({ type: () => true, limit: '12mb' }));

app.all(/.*/, (request, response) => {
  const header = request.get('X-Webhook-Signature') ?? '';
  // Step 1: timestamp and signature, split at commas and equals signs.
  const parts = Object.fromEntries(header.split(',').map((part) => part.split('=')));
  // Step 2: what the signature should be. The body as it came for POST, PUT and PATCH, else the URL.
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(request.method);
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const signed = hasBody ? body : `http://${request.get('host')}${request.originalUrl}`;
  const hmac = crypto.createHmac('sha256', secret);
  hmac.update(`${parts.t}.${signed}`);
  // Step 3: compare, then look at the age.
  const verified = hmac.digest('hex') === parts.sha256;
  const ageMs = Math.abs(Date.now() - Number(parts.t));
  console.log(JSON.stringify({ method: request.method, url: request.originalUrl, headers: request.headers, body, verified, ageMs }));
  response.status(verified && ageMs < 300_000 ? 200 : 400).send('ok');
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
