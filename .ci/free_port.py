"""Stops `make demo` before any work when another program already listens on PORT."""

import os
import socket
import sys

port = os.environ.get("PORT", "8000")
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"PORT={port} is not a port number. Try: make demo PORT=8001")
with socket.socket() as probe:
    # As gunicorn binds: a port just left by a stopped server is free.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except OSError as error:
        advice = f"Try: make demo PORT={int(port) + 1}"
        sys.exit(f"Port {port} cannot be used ({error.strerror}). {advice}")
