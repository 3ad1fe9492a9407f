// Signatures as the senders' own libraries make and check them.
//
// Usage: node signature_libraries.cjs sign|verify SCHEME SECRET, with {"body", "headers"} on standard input.
// `sign` prints the headers as an object, `verify` prints true or false.

const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

// Packages are installed in one place: the UI's.
const packages = createRequire(path.join(__dirname, '../../ui/package.json'));
const load = (name) => import(pathToFileURL(packages.resolve(name)).href);

async function octokit() {
  // Its package names no entry for `require`.
  const file = path.join(__dirname, '../../ui/node_modules/@octokit/webhooks-methods/dist-node/index.js');
  return import(pathToFileURL(file).href);
}

const libraries = {
  stripe: {
    async sign(secret, body) {
      const { default: Stripe } = await load('stripe');
      const header = new Stripe('sk_test_none').webhooks.generateTestHeaderString({ payload: body, secret });
      return { 'stripe-signature': header };
    },
    async verify(secret, body, headers) {
      const { default: Stripe } = await load('stripe');
      new Stripe('sk_test_none').webhooks.constructEvent(body, headers['stripe-signature'], secret);
      return true;
    },
  },
  github: {
    async sign(secret, body) {
      const { sign } = await octokit();
      return { 'x-hub-signature-256': await sign(secret, body) };
    },
    async verify(secret, body, headers) {
      const { verify } = await octokit();
      return verify(secret, body, headers['x-hub-signature-256']);
    },
  },
  'standard-webhooks': {
    async sign(secret, body) {
      const { Webhook } = await load('standardwebhooks');
      const now = new Date();
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('msg_1', now, body),
      };
    },
    async verify(secret, body, headers) {
      const { Webhook } = await load('standardwebhooks');
      new Webhook(secret).verify(body, headers);
      return true;
    },
  },
};

async function main() {
  const [, , what, scheme, secret] = process.argv;
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { body, headers } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const library = libraries[scheme];
  const result = await library[what](secret, body, headers).catch((error) => {
    if (what === 'sign') throw error;
    return false;
  });
  console.log(JSON.stringify(result));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
