"""Takes messages signed the way Stripe signs: Stripe-Signature. Python 3.9 or newer, no packages:

    WEBHOOK_SECRET='…' PORT=3000 python3 receiver.py
"""
import hashlib
import hmac
import os
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The key is the whole text of the secret, with its whsec_ if it has one.
SECRET = os.environ["WEBHOOK_SECRET"].encode()
TOLERANCE_S = 5 * 60


def is_genuine(header: str, body: bytes) -> bool:
    """The header has one time, and one signature or several of them while a secret is exchanged."""
    pairs = [pair.partition("=")[::2] for pair in header.split(",")]
    stamp = next((value for name, value in pairs if name == "t"), "")
    if re.fullmatch(r"[0-9]{1,12}", stamp) is None:
        return False
    if abs(time.time() - int(stamp)) > TOLERANCE_S:
        return False
    expected = hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    given = [value for name, value in pairs if name == "v1"]
    return any(hmac.compare_digest(expected.encode(), value.encode()) for value in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # The raw bytes: a body that was parsed and written again has another signature.
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        genuine = is_genuine(self.headers.get("Stripe-Signature", ""), body)
        if genuine:
            print("genuine:", body.decode(errors="replace"))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    # Other methods that a webhook task may use.
    do_PUT = do_PATCH = do_POST


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
