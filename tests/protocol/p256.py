"""ECDSA signatures over P-256 (FIPS 186-4), to show that such keys are refused: slow, and not safe against timing."""
import hashlib
import secrets

P = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
BASE = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)
SPKI = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"


def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    slope = ((3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P) if p == q
             else (q[1] - p[1]) * pow(q[0] - p[0], -1, P)) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def times(number, point):
    result = None
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def der_integer(number):
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes((2, len(data))) + data


class Key:
    def __init__(self):
        self.secret = secrets.randbelow(ORDER - 1) + 1
        x, y = times(self.secret, BASE)
        self.hex = SPKI + x.to_bytes(32, "big").hex() + y.to_bytes(32, "big").hex()

    def sign(self, message):
        nonce = secrets.randbelow(ORDER - 1) + 1
        r = times(nonce, BASE)[0] % ORDER
        digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
        s = pow(nonce, -1, ORDER) * (digest + r * self.secret) % ORDER
        parts = der_integer(r) + der_integer(s)
        return bytes((0x30, len(parts))) + parts
