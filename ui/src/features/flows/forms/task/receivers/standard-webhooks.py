"""Takes messages signed by Standard Webhooks. Python 3.9 or newer, no packages:

    WEBHOOK_SECRET='whsec_…' PORT=3000 python3 receiver.py
"""
import base64
import hashlib
import hmac
import os
import re
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"]
# What follows whsec_ is the key in base64.
KEY = base64.b64decode(SECRET[6:] if SECRET.startswith("whsec_") else SECRET)
TOLERANCE_S = 5 * 60


def is_genuine(headers: Message, body: bytes) -> bool:
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    if message_id == "" or re.fullmatch(r"[0-9]{1,12}", stamp) is None:
        return False
    if abs(time.time() - int(stamp)) > TOLERANCE_S:
        return False
    content = f"{message_id}.{stamp}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest())
    # There may be several while a secret is exchanged, and newer versions beside v1.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(b"v1," + expected, each.encode()) for each in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # The raw bytes: a body that was parsed and written again has another signature.
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        genuine = is_genuine(self.headers, body)
        if genuine:
            # The same webhook-id again is the same message: handle it once.
            print("genuine:", self.headers["webhook-id"], body.decode(errors="replace"))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    # Other methods that a webhook task may use.
    do_PUT = do_PATCH = do_POST


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
