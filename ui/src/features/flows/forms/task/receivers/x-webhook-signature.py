"""Takes messages signed with X-Webhook-Signature. Python 3.9 or newer, no packages:

    WEBHOOK_SECRET='…' PORT=3000 python3 receiver.py
"""
import hashlib
import hmac
import os
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin

SECRET = os.environ["WEBHOOK_SECRET"].encode()
TOLERANCE_MS = 5 * 60 * 1000


def is_genuine(header: str, content: bytes) -> bool:
    """`content` is the body as it came; for GET and DELETE it is the absolute URL."""
    match = re.fullmatch(r"t=([0-9]{1,15}),sha256=([0-9a-f]{64})", header)
    if match is None:
        return False
    stamp, signature = match.groups()
    if abs(time.time() * 1000 - int(stamp)) > TOLERANCE_MS:
        return False
    expected = hmac.new(SECRET, stamp.encode() + b"." + content, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # The raw bytes: a body that was parsed and written again has another signature.
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.answer(body, body)

    def do_GET(self) -> None:
        # Behind a proxy, PUBLIC_URL is the address that the sender calls.
        base = os.environ.get("PUBLIC_URL", f"http://{self.headers['Host']}")
        self.answer(urljoin(base, self.path).encode(), b"")

    def answer(self, content: bytes, body: bytes) -> None:
        genuine = is_genuine(self.headers.get("X-Webhook-Signature", ""), content)
        if genuine:
            print("genuine:", body.decode(errors="replace"))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    do_PUT = do_PATCH = do_POST
    do_DELETE = do_GET


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
