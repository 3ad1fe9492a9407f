import fc from "fast-check";
import { expect, test } from "vitest";
import { curlCommand } from "@/design/curl";
import { credentialsIn, withSecrets } from "./credentials";
import { withRequest } from "./fields";
import { parseCurl } from "./parse";
import type { CurlRequest } from "./request";

function read(text: string): CurlRequest {
  const parsed = parseCurl(text);
  if (!parsed.ok) throw new Error(`${parsed.mistake}: ${text}`);
  return parsed.request;
}

const bodyText = (text: string) => {
  const { body } = read(text);
  return body?.kind === "text" ? body.text : null;
};

test("a bare address is a GET, with or without a scheme, quotes and a prompt", () => {
  for (const text of [
    "curl https://shop.example/a?b=1&c=2",
    "$ curl 'https://shop.example/a?b=1&c=2'",
    '/usr/bin/curl -sSL --url "https://shop.example/a?b=1&c=2" | jq .',
    "curl https://shop.example/a?b=1\\&c=2 -o out.json # keep it",
  ]) {
    const { method, url, headers, body } = read(text);
    expect([method, url, headers, body], text).toEqual([
      "GET",
      "https://shop.example/a?b=1&c=2",
      [],
      null,
    ]);
  }
  expect(read("curl localhost:8080/x").url).toBe("http://localhost:8080/x");
});

test("a command over many lines, with a header each and a body in single quotes", () => {
  const request = read(`curl -X PUT https://shop.example/orders/7 \\
  -H 'Content-Type: application/json' \\ 
  -H "X-Name: it's \\"quoted\\" \\$5" \\
  --data-raw '{"note": "it'\\''s"}'`);
  expect(request).toMatchObject({
    method: "PUT",
    headers: [
      ["Content-Type", "application/json"],
      ["X-Name", 'it\'s "quoted" $5'],
    ],
    body: { kind: "text", text: '{"note": "it\'s"}' },
  });
});

test("data makes a POST of a form, several are joined, and the values of data-urlencode are encoded", () => {
  const request = read(
    "curl -d a=1 --data b=2 --data-urlencode 'c=x y&z' --data-urlencode '=d e' https://x.example",
  );
  expect(request.method).toBe("POST");
  expect(request.headers).toEqual([["Content-Type", "application/x-www-form-urlencoded"]]);
  expect(request.body).toEqual({ kind: "text", text: "a=1&b=2&c=x%20y%26z&d%20e" });
});

test("-G puts the data into the query, before a fragment and behind what is there", () => {
  const request = read("curl -G -d a=1 --data-urlencode 'q=ü' 'https://x.example/s?z=0#top'");
  expect([request.method, request.url, request.body]).toEqual([
    "GET",
    "https://x.example/s?z=0&a=1&q=%C3%BC#top",
    null,
  ]);
});

test("--json sets both headers unless they are said, and -d alone keeps a Content-Type that is", () => {
  expect(read(`curl --json '{"a":1}' https://x.example`)).toMatchObject({
    method: "POST",
    headers: [
      ["Content-Type", "application/json"],
      ["Accept", "application/json"],
    ],
  });
  expect(
    read("curl https://x.example -d '{}' -H 'content-type: application/json'").headers,
  ).toEqual([["content-type", "application/json"]]);
  expect(read("curl https://x.example -d x -H 'Content-Type:'").headers).toEqual([]);
});

test("-F gives the parts of a form, with files by name, and no Content-Type", () => {
  const request = read(
    "curl https://x.example -F name=Ada -F 'scan=@/home/ada/scan.pdf;type=application/pdf' " +
      `-F 'note="a;b \\"c\\"";type=text/plain' --form-string 'at=@home' -H 'Content-Type: multipart/form-data'`,
  );
  expect(request.method).toBe("POST");
  expect(request.body).toEqual({
    kind: "multipart",
    parts: [
      { name: "name", value: "Ada" },
      { name: "scan", file: "/home/ada/scan.pdf" },
      { name: "note", value: 'a;b "c"' },
      { name: "at", value: "@home" },
    ],
  });
  expect(request.headers).toEqual([]);
  expect(request.notes).toContainEqual({ kind: "file", name: "/home/ada/scan.pdf" });
});

test("a user and a password become basic authentication, from -u or from the address", () => {
  const basic = [["Authorization", "Basic YWRhOnDDpHNz"]];
  expect(read("curl -u 'ada:päss' https://x.example").headers).toEqual(basic);
  expect(read("curl https://ada:p%C3%A4ss@x.example/a")).toMatchObject({
    url: "https://x.example/a",
    headers: basic,
  });
  expect(read("curl --oauth2-bearer abc https://x.example").headers).toEqual([
    ["Authorization", "Bearer abc"],
  ]);
});

test("short options in a cluster, with their value behind them or as the next word", () => {
  const request = read("curl -ksSLXPATCH -m 2.5 -dx=1 -A 'me/1' -b 'a=1; b=2' x.example");
  expect(request).toMatchObject({
    method: "PATCH",
    checksCertificates: false,
    followsRedirects: true,
    timeoutMs: 2500,
    body: { kind: "text", text: "x=1" },
  });
  expect(request.headers.slice(0, 2)).toEqual([
    ["User-Agent", "me/1"],
    ["Cookie", "a=1; b=2"],
  ]);
});

test("$'…' as Chrome and Firefox write bodies with special characters", () => {
  expect(bodyText(`curl x.example --data-raw $'it\\'s\\n\\u00fc \\x41\\101 \\\\ \\t|'`)).toBe(
    "it's\nü AA \\ \t|",
  );
});

test("values of options that a step does not have are no addresses, and what is lost is said", () => {
  const request = read(
    "curl --proxy http://p:1 --cacert ca.pem -o out -w '%{http_code}' --retry 3 https://x.example https://y.example",
  );
  expect(request.url).toBe("https://x.example");
  expect(request.notes).toEqual([
    { kind: "option", name: "--proxy" },
    { kind: "option", name: "--cacert" },
    { kind: "option", name: "--retry" },
    { kind: "urls", count: 2 },
  ]);
});

test("headers of the connection are left out and named", () => {
  const request = read(
    "curl https://x.example -H 'Content-Length: 5' -H 'accept-encoding: gzip' -H 'X-A: 1' -H 'X-Empty;'",
  );
  expect(request.headers).toEqual([
    ["X-A", "1"],
    ["X-Empty", ""],
  ]);
  expect(request.notes).toEqual([
    { kind: "headers", names: ["Content-Length", "accept-encoding"] },
  ]);
});

test("the same command as browsers copy it for cmd", () => {
  const request = read(
    'curl ^"https://x.example/a?b=1^&c=2^" ^\r\n  -X ^"POST^" ^\r\n  -H ^"accept: */*^" ^\r\n' +
      '  --data-raw ^"^{^\\^"a^\\^":^\\^"100^%^ x^\\^"^}^"',
  );
  expect(request).toMatchObject({
    method: "POST",
    url: "https://x.example/a?b=1&c=2",
    headers: [
      ["accept", "*/*"],
      ["Content-Type", "application/x-www-form-urlencoded"],
    ],
    body: { kind: "text", text: '{"a":"100% x"}' },
  });
  const old = read('curl.exe "https://x.example/a?b=1&c=2" ^\n -H "X-A: x^y" -d "{\\"a\\": 1}"');
  expect(old).toMatchObject({
    url: "https://x.example/a?b=1&c=2",
    headers: [
      ["X-A", "x^y"],
      ["Content-Type", "application/x-www-form-urlencoded"],
    ],
    body: { kind: "text", text: '{"a": 1}' },
  });
});

test("cURL in PowerShell, with its quotes and line ends", () => {
  const request = read(
    "curl.exe -X POST 'https://x.example/it''s' `\n  -H \"X-A: `\"b`\"\" `\n  -d '{\\\"a\\\": 1}'",
  );
  expect(request).toMatchObject({
    url: "https://x.example/it's",
    body: { kind: "text", text: '{"a": 1}' },
  });
  expect(request.headers[0]).toEqual(["X-A", '"b"']);
});

test("Invoke-WebRequest as browsers copy it", () => {
  const request = read(`Invoke-WebRequest -UseBasicParsing -Uri "https://x.example/a?b=c" \`
-Method "POST" \`
-WebSession $session \`
-Headers @{
"authority"="x.example"
  "Authorization"="Bearer abc"
  "X-Equals" = 'a=b'; "X-Quote"="say \`"hi\`""
} \`
-ContentType "application/json" \`
-Body "{\`"a\`":1}"`);
  expect(request).toMatchObject({
    method: "POST",
    url: "https://x.example/a?b=c",
    headers: [
      ["authority", "x.example"],
      ["Authorization", "Bearer abc"],
      ["X-Equals", "a=b"],
      ["X-Quote", 'say "hi"'],
      ["Content-Type", "application/json"],
    ],
    body: { kind: "text", text: '{"a":1}' },
  });
});

test("what is no command says so", () => {
  expect(parseCurl("  ")).toEqual({ ok: false, mistake: "empty" });
  expect(parseCurl("wget https://x.example")).toEqual({ ok: false, mistake: "noCommand" });
  expect(parseCurl("https://x.example/curl")).toEqual({ ok: false, mistake: "noCommand" });
  expect(parseCurl("curl -s -X POST")).toEqual({ ok: false, mistake: "noUrl" });
});

test("no text whatsoever makes it throw", () => {
  const piece = fc.constantFrom(
    ..."curl|curl.exe|Invoke-WebRequest|-H|-d|--json|-F|-u|-G|-X|@{|}|=|'|\"|$'|\\|^|`|\n|^\r\n| |\\u12|\\x|a=@b|https://u:p@h|;|{{".split(
      "|",
    ),
    "|",
  );
  const glued = fc
    .array(fc.oneof(piece, fc.string({ unit: "binary" })))
    .map((each) => each.join(""));
  const text = fc.oneof(fc.string({ unit: "binary" }), glued);
  fc.assert(
    fc.property(text, (each) => {
      for (const pasted of [each, `curl ${each}`, `curl.exe ${each}`, `iwr ${each}`]) {
        const parsed = parseCurl(pasted);
        if (!parsed.ok) continue;
        const names = credentialsIn(parsed.request);
        withSecrets(
          parsed.request,
          names.map((credential) => ({ credential, secret: "s" })),
        );
        withRequest({}, parsed.request, "step");
      }
    }),
    { numRuns: 300 },
  );
});

test("a command that Hookloom itself copies is read back as it was", () => {
  const name = fc.stringMatching(/^X-[A-Za-z0-9-]{1,12}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/);
  const request = fc.record({
    method: fc.constantFrom("POST", "PUT", "PATCH"),
    url: fc.constant("https://x.example/a?b=1&c=%20"),
    headers: fc.uniqueArray(fc.record({ name, value }), {
      selector: (header) => header.name.toLowerCase(),
    }),
    body: fc.string({ minLength: 1 }).filter((body) => !body.includes("\u0000")),
  });
  fc.assert(
    fc.property(request, (sent) => {
      const headers = [{ name: "Content-Type", value: "text/plain" }, ...sent.headers];
      const parsed = read(curlCommand({ ...sent, headers }));
      expect(parsed).toMatchObject({
        method: sent.method,
        url: sent.url,
        headers: headers.map((header) => [header.name, header.value]),
        body: { kind: "text", text: sent.body },
      });
    }),
  );
});

test("signs of another shell within single quotes are somebody's text", () => {
  for (const value of ['!^"!', "it's ^\" too", "a `\n b", "^\n"]) {
    const parsed = read(
      curlCommand({ method: "POST", url: "https://x.example", headers: [], body: value }),
    );
    expect(parsed).toMatchObject({ body: { text: value } });
  }
});

test("keys and passwords are found, and secrets take their place", () => {
  const request = read(
    "curl 'https://api.shop.example/v1?api_key=k1&page=2' -H 'Authorization: Bearer sk_live' -H 'X-Api-Key: abc' -H 'Accept: a/b'",
  );
  const found = credentialsIn(request);
  expect(found.map(({ name, value, suggestion }) => [name, value, suggestion])).toEqual([
    ["Authorization", "sk_live", "shop_token"],
    ["X-Api-Key", "abc", "shop_api_key"],
    ["api_key", "k1", "shop_api_key"],
  ]);
  const names = found.map((credential, at) => ({ credential, secret: `s${at}` }));
  const safe = withSecrets(request, names);
  expect(safe.url).toBe("https://api.shop.example/v1?api_key={{secrets.s2}}&page=2");
  expect(safe.headers).toEqual([
    ["Authorization", "Bearer {{secrets.s0}}"],
    ["X-Api-Key", "{{secrets.s1}}"],
    ["Accept", "a/b"],
  ]);
  expect(credentialsIn(safe)).toEqual([]);
});

test("a request becomes the fields of a step or a task, and what it does not say stays", () => {
  const request = read("curl -kL -F a=1 -F 'scan=@x' https://x.example");
  const before = { name: "ship", kind: "http", after: [], body: "old", query: { q: "1" } };
  expect(withRequest(before, request, "step")).toEqual({
    name: "ship",
    kind: "http",
    after: [],
    method: "POST",
    url: "https://x.example",
    multipart: [
      { name: "a", value: "1" },
      { name: "scan", file: "{{trigger.files.scan}}" },
    ],
    validate_ssl: false,
    follow_redirects: true,
  });
  const task = withRequest(
    { name: "Tell", event: "job_failed" },
    read("curl -d x https://y.example"),
    "task",
  );
  expect(task).toEqual({
    name: "Tell",
    event: "job_failed",
    method: "POST",
    url: "https://y.example",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "x",
  });
});
