"""The token that every call of Improve My City's API carries: who asks, and when, encrypted.

A JSON object {u, p, t, r} (account, password, Unix seconds, random letters) in base64, encrypted
with AES-128 in CBC mode; key and initialisation vector are both the secret of a REST/API key. The
two controllers of the program write and pad the same thing differently (itsam/imc,
site/helpers/MCrypt.php and MCrypt2.php).
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

KEY_BYTES = 16
GUEST = "imc-guest"
"""Account and password that show what everybody may see."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and with which REST/API key; its secrets are in no text made of it.

    ``key`` is the secret of the key: 16 bytes are used of it. Raises ValueError for a shorter one.
    """

    key: str = field(repr=False)
    user: str = GUEST
    password: str = field(default=GUEST, repr=False)

    def __post_init__(self) -> None:
        """Check the key, without telling it."""
        if len(self.key.encode("utf-8")) < KEY_BYTES:
            raise ValueError(f"The key of Improve My City has fewer than {KEY_BYTES} bytes.")

    def token(self, controller: str, now: float) -> str:
        """Return a token for one call to ``api`` or ``api2``; ``now`` is the server's Unix time."""
        said = {"u": self.user, "p": self.password, "t": str(int(now)), "r": secrets.token_hex(5)}
        clear = base64.b64encode(json.dumps(said).encode("utf-8"))
        if controller == "api":
            return self._encrypt(clear + b"\0" * (-len(clear) % KEY_BYTES)).hex()
        padder = PKCS7(KEY_BYTES * 8).padder()
        secret = self._encrypt(padder.update(clear) + padder.finalize())
        return base64.b64encode(secret).hex()

    def _encrypt(self, clear: bytes) -> bytes:
        key = self.key.encode("utf-8")[:KEY_BYTES]
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key)).encryptor()
        return encryptor.update(clear) + encryptor.finalize()
