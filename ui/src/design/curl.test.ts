import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curlCommand, curlOptions, quote, type CurlRequest } from "./curl";

describe("quoting for the shell", () => {
  it.each(["plain", "it's", '$HOME `id` \\ "x"', "'''", "a\nb", "", "!event #x"])(
    "hands %j to a program unchanged",
    (text) => {
      const script = `printf %s ${quote(text)}`;
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(text);
    },
  );
});

describe("a cURL command", () => {
  it("has method, headers and body, and leaves out what cURL makes itself", () => {
    const command = curlCommand({
      method: "POST",
      url: "https://shop.example/a?b=1&c=2",
      headers: [
        { name: "Content-Type", value: "application/json" },
        { name: "Content-Length", value: "2" },
      ],
      body: "{}",
    });
    expect(command).toBe(
      "curl -X POST 'https://shop.example/a?b=1&c=2' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{}'",
    );
  });
});

/** Bodies that hurt: quotes of every kind, what shells read something into, backslashes before quotes. */
const text = fc.stringMatching(/^[ -~\n\u00e4\u2019]{0,40}$/);
const nasty = fc.oneof(
  text,
  fc
    .array(fc.constantFrom(..."\"'\\%^!&|<>()$`; \n\u2019a".split("")))
    .map((signs) => signs.join("")),
);
const request: fc.Arbitrary<CurlRequest> = fc.record({
  method: fc.constantFrom("POST", "PUT"),
  url: nasty.map((path) => `http://127.0.0.1/${path.replaceAll("\n", "")}`),
  headers: fc.array(
    fc.record({
      name: fc.constantFrom("x-a", "Accept"),
      value: nasty.map((value) => value.replaceAll("\n", "")),
    }),
    { maxLength: 3 },
  ),
  body: fc.option(nasty),
});

/** What the C library of Windows makes of a command line. */
function windowsArguments(line: string): string[] {
  const found: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length;) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    const next = line[at + slashes];
    if (slashes > 0) {
      word = (word ?? "") + "\\".repeat(next === '"' ? Math.floor(slashes / 2) : slashes);
      at += slashes;
      if (next === '"' && slashes % 2 === 1) {
        word += '"';
        at++;
      }
    } else if (next === '"') {
      word ??= "";
      quoted = !quoted;
      at++;
    } else if (next !== undefined && /[ \t\n]/.test(next) && !quoted) {
      if (word !== null) found.push(word);
      word = null;
      at++;
    } else {
      word = (word ?? "") + next;
      at++;
    }
  }
  return word === null ? found : [...found, word];
}

/** What `cmd` hands on: a caret keeps the next sign; with a line's end, that sign is the one after it. */
function afterCmd(command: string): string {
  let line = "";
  for (let at = 0; at < command.length; at++) {
    const sign = command[at] ?? "";
    if (sign === "^") {
      at++;
      if (command[at] === "\n") at++;
      line += command[at] ?? "";
    } else {
      expect('&|<>()%!"\n', "a sign that cmd would read something into").not.toContain(sign);
      line += sign;
    }
  }
  return line;
}

/** What PowerShell hands to a program in the way of its old versions. */
function afterPowerShell(command: string): string {
  const words: string[] = [];
  const pieces = command.matchAll(/'((?:[^'\u2019]|''|\u2019\u2019)*)'|`\n|([A-Za-z0-9.-]+)|\s+/g);
  let end = 0;
  for (const match of pieces) {
    const [, quoted, plain] = match;
    expect(match.index, "nothing is left between the words").toBe(end);
    end += match[0].length;
    if (quoted !== undefined) {
      const value = quoted.replace(/''|\u2019\u2019/g, (pair) => pair.charAt(0));
      words.push(/\s/.test(value) ? `"${value}"` : value);
    } else if (plain !== undefined) words.push(plain);
  }
  return words.join(" ");
}

describe("what a program gets from a copied command", () => {
  it("is the same bytes in bash", () => {
    fc.assert(
      fc.property(request, (each) => {
        const script = `curl() { printf '%s\\0' "$@"; }\n${curlCommand(each, "bash")}`;
        const told = execFileSync("bash", ["-c", script], { encoding: "utf8" });
        expect(told.split("\0").slice(0, -1)).toEqual(curlOptions(each).flat());
      }),
      { numRuns: 100 },
    );
  });

  it("is the same in cmd", () => {
    fc.assert(
      fc.property(request, (each) => {
        const line = afterCmd(curlCommand(each, "cmd"));
        expect(windowsArguments(line).slice(1)).toEqual(curlOptions(each).flat());
      }),
      { numRuns: 200 },
    );
  });

  it("is the same in PowerShell", () => {
    fc.assert(
      fc.property(request, (each) => {
        const command = curlCommand(each, "powershell").split("\n").slice(2, -1).join("\n");
        expect(windowsArguments(afterPowerShell(command)).slice(1)).toEqual(
          curlOptions(each).flat(),
        );
      }),
      { numRuns: 200 },
    );
  });
});
