// A server of remote steps as the documentation of remote steps shows one: Express with its own JSON parser and its
// default limits, the signature checked over the payload that is written again, a handler for some steps, and none for
// the others. Prints its port, then one line of JSON for each message: what came, and whether it was accepted.
//
// Usage: node express_steps.cjs KEY

const { createHash } = require('node:crypto');
const path = require('node:path');
const { createRequire } = require('node:module');

// Packages are installed in one place: the UI's.
const express = createRequire(path.join(__dirname, '../../ui/package.json'))('express');

const key = process.argv[2];
const handlers = {
  step_a: () => ({ exit_code: 'success' }),
  step_c: () => ({ exit_code: 'success', data: { myOutput: 'myValue' } }),
  chooses: (payload) => ({ exit_code: payload.data.choice, data: payload.data }),
};

function isSigned(payload, signature) {
  const hashed = createHash('sha256').update(`${JSON.stringify(payload)}${key}`, 'utf-8').digest('hex');
  return hashed === signature;
}

const app = express();
app.use(express.json());

app.post('/hook', (request, response) => {
  const { payload, signature } = request.body;
  const accepted = isSigned(payload, signature);
  console.log(JSON.stringify({ accepted, headers: request.headers, body: request.body }));
  if (!accepted) {
    response.status(400).json({ error: 'the signature is of something else' });
    return;
  }
  const handler = handlers[payload.context.step_name] ?? (() => {});
  response.json(handler(payload));
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
