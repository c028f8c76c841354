#!/usr/bin/env python3
"""Verifies an exported audit of Countersign with nothing but Python 3: no package, no code of Countersign.

    python3 verify_export.py FOLDER KEY
    python3 verify_export.py RECORD.tlog-proof KEY

KEY is what `countersign audit export` printed, as its operator told it to you. Exit code 0: the signature is of KEY, and the
folder holds exactly the records that were signed, each naming the hash of the one before it; of a proof, that its record is one
of them. Anything else: 1, and why.
Formats: c2sp.org/signed-note, tlog-checkpoint, tlog-tiles and tlog-proof; RFC 6962 (tree), RFC 8032 (Ed25519).
"""

import base64
import hashlib
import json
import pathlib
import sys

TILE = 256


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


# Ed25519 over the curve -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, 5.1). Slow, and enough for one signature.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P)
    return x % P, y % P


def times(scalar, point):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def point_of(data: bytes):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return (P - x if x & 1 != sign else x), y


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signature(key: bytes, text: bytes, signature: bytes) -> bool:
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    return times(scalar, BASE) == add(point_of(signature[:32]), times(challenge, point_of(key)))


def signed_head(note: str, verifier_key: str):
    """(origin, size, root) when the key has signed them."""
    name, key_id, encoded = verifier_key.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 33 or key[0] != 1 or sha256(name.encode() + b"\n", key)[:4].hex() != key_id:
        raise ValueError("KEY is no Ed25519 key of a signed note")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, data = line.split(" ")
        found = base64.b64decode(data, validate=True)
        if (dash, signer, found[:4].hex()) == ("\u2014", name, key_id) and is_signature(key[1:], text.encode(), found[4:]):
            origin, size, root = text.split("\n")[:3]
            if origin != name:
                raise ValueError("the head is of another log")
            return origin, int(size), base64.b64decode(root, validate=True)
    raise ValueError("KEY has not signed the head")


def path_of(kind: str, index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    steps = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["x" + step for step in steps[:-1]] + steps[-1:])
    return f"tile/{kind}/{path}" + ("" if width == TILE else f".p/{width}")


def entries_of(folder: pathlib.Path, size: int):
    for start in range(0, size, TILE):
        width = min(TILE, size - start)
        path = path_of("entries", start // TILE, width)
        data, entries = (folder / path).read_bytes(), []
        while data:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                raise ValueError(f"{path} does not hold whole entries")
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
        if len(entries) != width:
            raise ValueError(f"{path} holds {len(entries)} entries, not {width}")
        yield from entries


def tree_head(leaves: list) -> bytes:
    """RFC 6962, 2.1: the left side is the largest power of two that leaves something for the right one."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01", tree_head(leaves[:split]), tree_head(leaves[split:]))


def verify(folder: pathlib.Path, key: str) -> str:
    origin, size, root = signed_head((folder / "checkpoint").read_text(encoding="utf-8"), key)
    leaves, before, kinds = [], "0" * 64, {}
    for number, entry in enumerate(entries_of(folder, size), start=1):
        record = json.loads(entry)
        if record["seq"] != number or record["prev"] != before:
            raise ValueError(f"record {number} does not follow the one before it")
        before = hashlib.sha256(entry).hexdigest()
        leaves.append(sha256(b"\x00", entry))
        kind = record["entry"]["kind"]
        kinds[kind] = kinds.get(kind, 0) + 1
    if tree_head(leaves) != root:
        raise ValueError("the records are not those that were signed")
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"ok: {size} records of {origin}, root {root.hex()}\n{told}"


def head_from(leaf: bytes, index: int, size: int, path: list) -> bytes:
    """The way up from one leaf (RFC 6962, 2.1.1): the last hash of the path is the other side of the whole tree."""
    if (size == 1) != (not path):
        raise ValueError("the path does not fit the tree")
    if size == 1:
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return sha256(b"\x01", head_from(leaf, index, split, path[:-1]), path[-1])
    return sha256(b"\x01", path[-1], head_from(leaf, index - split, size - split, path[:-1]))


def verify_proof(file: pathlib.Path, key: str) -> str:
    proof, _, note = file.read_text(encoding="utf-8").partition("\n\n")
    version, extra, index, *path = proof.split("\n")
    if version != "c2sp.org/tlog-proof@v1" or extra[:6] != "extra " or index[:6] != "index ":
        raise ValueError("no proof with its record")
    origin, size, root = signed_head(note, key)
    entry, number = base64.b64decode(extra[6:], validate=True), int(index[6:])
    hashes = [base64.b64decode(one, validate=True) for one in path]
    if not 0 <= number < size or head_from(sha256(b"\x00", entry), number, size, hashes) != root:
        raise ValueError("the record is not at this place of what was signed")
    if json.loads(entry)["seq"] != number + 1:
        raise ValueError("the record says that it is another one")
    return f"ok: record {number + 1} of {size} of {origin}\n{entry.decode()}"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        path = pathlib.Path(sys.argv[1])
        print(verify(path, sys.argv[2]) if path.is_dir() else verify_proof(path, sys.argv[2]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"NOT OK: {error}", file=sys.stderr)
        sys.exit(1)
