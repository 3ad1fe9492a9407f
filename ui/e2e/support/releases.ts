/**
 * Somebody who makes releases and serves them on this computer. The signature is made here by what minisign's format says, so
 * that the program is tried against another's understanding of it.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY_ID = randomBytes(8);

/** The public key as `minisign.pub` has it. */
function publicLine(): string {
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  return Buffer.concat([Buffer.from("Ed"), KEY_ID, raw]).toString("base64");
}

function signed(content: string): string {
  const digest = createHash("blake2b512").update(content).digest();
  const signature = sign(null, digest, privateKey);
  const trusted = "a release of a test";
  const all = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), privateKey);
  return [
    "untrusted comment: a test",
    Buffer.concat([Buffer.from("ED"), KEY_ID, signature]).toString("base64"),
    `trusted comment: ${trusted}`,
    all.toString("base64"),
    "",
  ].join("\n");
}

export class ReleaseServer {
  readonly key = publicLine();
  readonly asked: string[] = [];
  /** Lets the rest of a package come, once for each. */
  private goOn: (() => void)[] = [];
  private readonly files = new Map<string, string | Buffer>();
  private readonly server = createServer((request, response) => {
    const path = request.url ?? "";
    this.asked.push(path);
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
    } else if (typeof file === "string") {
      response.end(file);
    } else {
      response.writeHead(200, { "content-length": file.length });
      response.write(file.subarray(0, file.length / 2));
      this.goOn.push(() => response.end(file.subarray(file.length / 2)));
    }
  });

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/release.json`;
  }

  /** A release with a deb for every processor; its second half waits until `sendTheRest`. */
  publish(version: string, notes: string): void {
    const content = Buffer.alloc(400_000, version);
    const file = `Hookloom_${version}_all.deb`;
    const sha256 = createHash("sha256").update(content).digest("hex");
    const packages = ["x86_64", "aarch64"].map((arch) => ({
      ...{ kind: "deb", os: process.platform, arch, file, bytes: content.length, sha256 },
    }));
    const manifest = JSON.stringify({
      format: "hookloom.release/1",
      version,
      released_at: new Date().toISOString(),
      notes,
      notes_url: "https://releases.example/notes",
      packages,
    });
    this.files.set("/release.json", manifest);
    this.files.set("/release.json.minisig", signed(manifest));
    this.files.set(`/${file}`, content);
  }

  /** Other bytes at a path than were published. */
  put(path: string, content: string): void {
    this.files.set(path, content);
  }

  sendTheRest(): void {
    for (const send of this.goOn.splice(0)) send();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
