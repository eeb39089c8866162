"""Ed25519 signatures (RFC 8032, section 5.1) in plain Python, for tests: slow, and not safe against timing.

The curve is -x² + y² = 1 + d x² y² over the integers modulo 2²⁵⁵ - 19.  Points are kept as (X, Y, Z, T) with x = X/Z,
y = Y/Z and xy = T/Z, in which adding needs no division.
"""
import hashlib

P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)
SPKI = "302a300506032b6570032100"


def even_x(y):
    """The even one of the two x that belong to this y of the curve."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    return P - x if x % 2 else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (even_x(BASE_Y), BASE_Y, 1, even_x(BASE_Y) * BASE_Y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * D * p[3] * q[3] % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = NEUTRAL
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def packed(point):
    """y as 32 bytes, with the parity of x in the highest bit."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number_of(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


class Key:
    """A key pair made from a seed of 32 bytes."""

    def __init__(self, seed):
        halves = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(halves[:32], "little") & ~7 & (1 << 254) - 1 | 1 << 254
        self.prefix = halves[32:]
        self.public = packed(times(self.scalar, BASE))

    def sign(self, message):
        nonce = number_of(self.prefix, message)
        commitment = packed(times(nonce, BASE))
        challenge = number_of(commitment, self.public, message)
        return commitment + ((nonce + challenge * self.scalar) % ORDER).to_bytes(32, "little")

    @property
    def hex(self):
        """The public key as the arena wants it: SubjectPublicKeyInfo, in hex."""
        return SPKI + self.public.hex()

    @property
    def user(self):
        return hashlib.sha256(self.hex.encode()).hexdigest()


def point_of(packed_point):
    """The point that 32 bytes tell."""
    number = int.from_bytes(packed_point, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    x = even_x(y)
    x = (P - x) % P if odd else x
    return (x, y, 1, x * y % P)


def verify(public, message, signature):
    """Whether the signature of the message is by the owner of this public key."""
    challenge = number_of(signature[:32], public, message)
    left = times(int.from_bytes(signature[32:], "little"), BASE)
    right = add(point_of(signature[:32]), times(challenge, point_of(public)))
    return packed(left) == packed(right)
