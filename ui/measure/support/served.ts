/**
 * The address that the UI is looked at by. The program has one in it; with HOOKLOOM_UI, that of a folder is shown in its
 * place, with the program's own content security policy, and the program's API behind it.
 */
import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { TYPES, type Workbench } from "../../e2e/support/workbench";

export interface Served {
  origin: string;
  /** A link that signs in, once. */
  link: string;
  stop: () => Promise<void>;
}

export async function serve(workbench: Workbench): Promise<Served> {
  const { control } = workbench.ready;
  const folder = process.env.HOOKLOOM_UI;
  if (!folder) return { origin: control, link: workbench.link, stop: () => Promise.resolve() };
  const policy = (await fetch(control)).headers.get("content-security-policy") ?? "";
  const server = createServer((asked, answer) => {
    if (asked.url?.startsWith("/api/")) return passOn(asked, answer, control);
    const { pathname } = new URL(asked.url ?? "/", control);
    const path = join(resolve(folder), extname(pathname) === "" ? "index.html" : pathname);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    answer.writeHead(200, { "content-type": type, "content-security-policy": policy });
    answer.end(readFileSync(path));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    link: workbench.link.replace(control, origin),
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The control listener answers its own page alone, so that is who asks. */
function passOn(asked: IncomingMessage, answer: ServerResponse, control: string): void {
  const { host } = new URL(control);
  const headers = { ...asked.headers, host };
  if (headers.origin) headers.origin = control;
  const sent = request(
    new URL(asked.url ?? "/", control),
    { method: asked.method ?? "GET", headers },
    (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    },
  );
  sent.on("error", () => answer.destroy());
  answer.on("close", () => sent.destroy());
  asked.pipe(sent);
}
