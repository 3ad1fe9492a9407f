import { expect, test } from "vitest";
import { proxyChange, proxyFields, proxyMistake } from "./proxy";

test("an empty proxy takes its password out, too", () => {
  expect(proxyChange({ url: " ", password: "key", bypass: "" })).toEqual({
    proxy_url: null,
    proxy_password: null,
    proxy_bypass: null,
  });
});

test("what was set is typed, and what is typed is set", () => {
  const set = { proxy_url: "http://me@p.example:3128", proxy_password: "k", proxy_bypass: ".a" };
  expect(proxyChange(proxyFields(set))).toEqual(set);
});

test.each([
  ["", null],
  ["http://proxy.example:3128", null],
  ["https://me@proxy.example", null],
  ["proxy.example:3128", "url"],
  ["socks5://proxy.example", "url"],
  ["http://", "url"],
  ["http://me:word@proxy.example", "password"],
])("%j: %s", (url, mistake) => expect(proxyMistake(url)).toBe(mistake));
