"""Takes messages signed the way GitHub signs: X-Hub-Signature-256. Python 3.9 or newer, no packages:

    WEBHOOK_SECRET='…' PORT=3000 python3 receiver.py
"""
import hashlib
import hmac
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()


def is_genuine(header: str, body: bytes) -> bool:
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), header.encode())


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # The raw bytes: a body that was parsed and written again has another signature.
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        genuine = is_genuine(self.headers.get("X-Hub-Signature-256", ""), body)
        if genuine:
            # No time is signed: whoever recorded a message can send it again. Remember what you have handled.
            print("genuine:", body.decode(errors="replace"))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    # Other methods that a webhook task may use.
    do_PUT = do_PATCH = do_POST


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
