#!/usr/bin/env python3
"""Check an export of a Throughcare ledger, trusting nothing but a public key.

    python3 verify.py EXPORT.jsonl PUBLIC_KEYS.txt [--seen CHECKPOINTS.txt ...]

This file stands alone: it imports nothing of Throughcare and needs only Python 3.9 or newer. If the package
`cryptography` is there it checks signatures faster; otherwise by the arithmetic of RFC 8032 below.
It says in plain sentences whether the ledger is whole, and ends with 0 (whole), 1 (not whole) or 2 (could not check).
What it checks, and why that is enough: README.md beside it.
"""

import base64
import hashlib
import json
import re
import sys

# --- Ed25519 (RFC 8032, section 5.1), for when `cryptography` is not installed ---------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Add two points in extended coordinates (x, y, z, t)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def _times(number, point):
    made = (0, 1, 1, 0)
    while number:
        if number & 1:
            made = _add(made, point)
        point = _add(point, point)
        number >>= 1
    return made


def _point(data):
    """Read 32 bytes as a point; None when they are not one."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed25519_verify(key, signature, message):
    """Did the holder of this public key (32 bytes) make this signature (64 bytes) of the message?"""
    if len(key) != 32 or len(signature) != 64:
        return False
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    public, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(s, base), _add(r, _times(h, public))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def signature_is_good(key, signature, message):
    """The same, by `cryptography` where it is installed."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return ed25519_verify(key, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- hashes ---------------------------------------------------------------------------------------------------------


def sha(data):
    return hashlib.sha256(data).digest()


def add_leaf(edge, size, leaf):
    """Add a leaf to the right edge of a tree of `size` leaves (RFC 6962): join equal subtrees."""
    while size & 1:
        leaf = sha(b"\x01" + edge.pop() + leaf)
        size >>= 1
    edge.append(leaf)


def root_of(edge):
    if not edge:
        return sha(b"")
    made = edge[-1]
    for left in reversed(edge[:-1]):
        made = sha(b"\x01" + left + made)
    return made


def link_of(place, entry, leaf):
    """The link of one place in a person's chain. All values are ASCII, so sorted keys are RFC 8785's order."""
    value = {"v": 1, "entry": entry, "leaf": leaf.hex(), **{k: place[k] for k in ("person", "version", "previous")}}
    return sha(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


# --- checkpoints ----------------------------------------------------------------------------------------------------


class Bad(Exception):
    """Something that cannot be read or trusted, in words."""


def strict_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise Bad("base64 is not written as it should be")
    return data


def read_keys(text):
    """Read lines `name+hash+base64`. Give {(name, hash): 32 bytes}."""
    keys = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition("+")
        hash_, _, coded = rest.partition("+")
        data = strict_base64(coded)
        if len(data) != 33 or data[:1] != b"\x01" or sha(name.encode() + b"\n" + data)[:4].hex() != hash_:
            raise Bad("a public key is not name+hash+base64 of an Ed25519 key")
        keys[name, bytes.fromhex(hash_)] = data[1:]
    if not keys:
        raise Bad("there is no public key")
    return keys


def open_checkpoint(text, keys, origin):
    """Read a checkpoint strictly and check its signatures. Give (size, root)."""
    body, gap, tail = text.rpartition("\n\n")
    lines = body.split("\n")
    if not gap or not tail.endswith("\n") or len(lines) < 4 or any(not x or not x.isprintable() for x in lines):
        raise Bad("it has not the lines of a checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1], re.ASCII):
        raise Bad("its size is not a number")
    if not re.fullmatch(r"time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", lines[3], re.ASCII):
        raise Bad("its time is not written as it should be")
    root, good = strict_base64(lines[2]), 0
    if len(root) != 32:
        raise Bad("its root is not 32 bytes long")
    for line in tail[:-1].split("\n"):
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\u2014":
            raise Bad("a signature line is not written as it should be")
        data = strict_base64(words[2])
        key = keys.get((words[1], data[:4]))
        if key is not None and not signature_is_good(key, data[4:], body.encode() + b"\n"):
            raise Bad("the signature of " + words[1] + " is wrong")
        good += key is not None
    if not good:
        raise Bad("no known key signed it")
    if lines[0] != origin:
        raise Bad("it is of another log, " + lines[0])
    return int(lines[1]), root


def split_checkpoints(text):
    """Read a file with one checkpoint after another, each as it was given out."""
    return re.findall("(?s).+?\n\n(?:\u2014 [^\n]*\n)+", text)


# --- the export -----------------------------------------------------------------------------------------------------

LEAF = {"position", "leaf", "head", "payload", "salt", "links"}


def hex32(text):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Bad("something else stands where 64 lower-case hex digits should")
    return bytes.fromhex(text)


def printable(value):
    """An id or code as it may be printed; an altered head may hold anything in its place."""
    return value if isinstance(value, str) and re.fullmatch("[0-9A-Za-z_-]{1,40}", value) else "?"


class Check:
    """A check under way. `problems` are (place, sentence)."""

    def __init__(self, keys):
        self.keys, self.origin = keys, ""
        self.problems = []
        self.size = self.waiting = self.erased = self.good = self.signed = 0
        self.edge = []  # of the tree of recomputed leaf hashes
        self.tips = {}  # person -> (version, link, position)
        self.content_missing = {}  # entry -> position
        self.ahead = []  # checkpoints that sign more than has been read
        self.roots = {}  # size -> root, of the sizes signed last
        self.followed = True
        self.hidden = False  # a leaf is missing or its head altered: it may have been an erasure

    def wrong(self, place, words):
        self.problems.append((place, words))

    def leaf(self, row):
        if row.keys() != LEAF:
            raise Bad("has not the keys of a leaf")
        stored, head_bytes = hex32(row["leaf"]), row["head"].encode()
        leaf = sha(b"\x00" + head_bytes)
        place = self.size + self.waiting if row["position"] is None else self.place(row["position"])
        if leaf != stored:
            self.altered(place, "its head does not hash to its leaf hash")
            self.hidden = True
            self.stored_tips(row["links"], place)
        else:
            try:
                self.content(row, json.loads(head_bytes), leaf, place)
            except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
                self.altered(place, "its head is not the head of an entry")
        if row["position"] is None:
            self.waiting += 1
            return
        add_leaf(self.edge, self.size, leaf) if self.followed else None
        self.size += 1
        for one in [one for one in self.ahead if one[0] <= self.size]:
            self.ahead.remove(one)
            self.compare(*one)

    def place(self, given):
        if type(given) is not int or given < 0:
            raise Bad("has a position that is not a count")
        if given > self.size:
            self.wrong(self.size, f"Position {self.size} is missing: the next entry is at {given}.")
            self.followed, self.hidden, self.size = False, True, given
        elif given < self.size:
            self.wrong(self.size, f"An entry too many, or out of order, follows position {self.size - 1}.")
            self.followed = False
        return self.size

    def stored_tips(self, links, place):
        """Go on in the chains from the stored links, where the head that names them is not to be believed."""
        for link in links:
            if link.keys() != {"person", "version", "link"} or type(link["version"]) is not int:
                raise Bad("has a link with other keys or values")
            self.tips[link["person"]] = (link["version"], hex32(link["link"]).hex(), place)

    def altered(self, place, why, row=None):
        named = f" (id {printable(row.get('id'))}, agency {printable(row.get('agency'))})" if row else ""
        self.wrong(place, f"The entry at position {place}{named} was altered: {why}.")

    def content(self, row, head, leaf, place):
        if head["v"] != 1 or head["type"] not in ("entry", "erasure", "audit"):
            return self.altered(place, "its format is not known")
        payload, salt = row["payload"], row["salt"]
        if payload is None and salt is None:
            if head["type"] != "erasure":
                self.content_missing[head["id"]] = place
            elif self.content_missing.pop(head["entry"], None) is None:
                self.wrong(place, f"The erasure at position {place} names no earlier entry that is erased.")
            else:
                self.erased += 1
        elif payload is None or salt is None or head["type"] == "erasure":
            self.altered(place, "its payload and salt do not go together", head)
        elif sha(hex32(salt) + payload.encode()).hex() != head["commitment"]:
            self.altered(place, "its payload or salt does not hash to what was sealed", head)
        self.chains(row["links"], head, leaf, place)
        return None

    def chains(self, links, head, leaf, place):
        if any(link.keys() != {"person", "version", "link"} for link in links):
            raise Bad("has a link with other keys")
        made = [(one["person"], one["version"], link_of(one, head["id"], leaf)) for one in head["chains"]]
        kept = [(one["person"], one["version"], hex32(one["link"])) for one in links]
        if any(type(one["version"]) is not int for one in links) or sorted(made) != sorted(kept):
            strangers = {one[0] for one in kept} - {one[0] for one in made}
            why = "it is linked to a person with whom it was not sealed" if strangers else "a link of it is wrong"
            self.altered(place, why, head)
        for one, (person, version, link) in zip(head["chains"], made):  # noqa: B905 not in Python 3.9
            seen, tip, at = self.tips.get(person, (0, None, -1))
            if version > seen + 1:
                self.wrong(place, f"A version of person {printable(person)} before {version} is missing.")
            elif version <= seen:
                self.wrong(place, f"Version {version} of person {printable(person)} comes again at position {place}.")
            elif one["previous"] != tip:
                self.wrong(max(at, 0), f"The entry at position {at} is not the one that was followed at {place}.")
            self.tips[person] = (max(version, seen), link.hex(), place)

    def checkpoint(self, text):
        try:
            size, root = open_checkpoint(text, self.keys, self.origin)
        except Bad as bad:
            return self.wrong(self.size, f"A checkpoint after position {self.size - 1} is not good: {bad}.")
        return self.ahead.append((size, root)) if size > self.size else self.compare(size, root)

    def compare(self, size, root):
        if self.roots.setdefault(size, root) != root:
            self.wrong(self.size, f"Two different trees of size {size} were signed.")
        elif not self.followed:
            return
        elif size < self.size:
            self.wrong(self.size, f"The checkpoint of size {size} comes too late to be checked.")
        elif root_of(self.edge) != root:
            self.followed = False
            words = f"positions {self.signed} to {size - 1} are not what was signed: the root at size {size} differs."
            self.wrong(max(size - 1, 0), "Among the entries at these, something was changed: " + words)
        else:
            self.good, self.signed, self.roots = self.good + 1, size, {size: root}

    def finish(self):
        if self.ahead and max(self.ahead)[0] > self.size:
            self.hidden = True
            says = f"The tail is cut: {max(self.ahead)[0]} entries are signed for, and there are {self.size}."
            self.wrong(self.size, says)
        for entry, place in self.content_missing.items():
            says = f"Entry {printable(entry)} at position {place} lost its content, and no erasure says why."
            self.wrong(self.size if self.hidden else place, says)
        if self.size and not self.good and not self.problems:
            self.wrong(0, "No checkpoint signs for this log.")


def check_export(lines, keys, seen=()):
    """Check the lines (bytes) of an export. Give the finished `Check`."""
    check, number, end, checkpoints = Check(keys), 0, False, 0
    try:
        for number, line in enumerate(lines, 1):
            value = json.loads(line.decode())
            if end or not line.endswith(b"\n") or not isinstance(value, dict):
                raise Bad("was cut, or comes after the end")
            if number == 1:
                if value.keys() != {"format", "version", "origin"} or [value["format"], value["version"]] != [
                    "throughcare-export",
                    1,
                ]:
                    raise Bad("is not the header of an export")
                check.origin = value["origin"]
                for text in seen:
                    check.checkpoint(text)
            elif value.keys() == {"checkpoint"}:
                checkpoints += 1
                check.checkpoint(value["checkpoint"])
            elif "end" in value:
                end = True
                counts = {"end": True, "leaves": check.size, "waiting": check.waiting, "checkpoints": checkpoints}
                if value != counts:
                    raise Bad("counts other lines than there are")
            else:
                check.leaf(value)
        if not end:
            number += 1
            raise Bad("is missing: the file was cut before its end")
    except (Bad, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        why = str(error) if isinstance(error, Bad) else "is not as the format says"
        check.wrong(check.size, f"Line {number} of the export {why}.")
        check.ahead = []
    check.finish()
    return check


def sentences(check):
    """Say what a finished check found; the place that lies first comes first."""
    if check.problems:
        first, *rest = [words for _, words in sorted(check.problems, key=lambda one: one[0])]
        return [f"The ledger is NOT whole. First: {first}", *rest[:20]]
    told = [f"The ledger is whole: {check.size} leaves, {check.good} signed checkpoints."]
    told.append(f"The root is {root_of(check.edge).hex()}. Compare it with one that you have from elsewhere.")
    if check.erased:
        told.append(f"The content of {check.erased} entries was destroyed under an authority that the ledger names.")
    if loose := check.size - check.signed + check.waiting:
        told.append(f"{loose} entries are newer than the last checkpoint and are not signed for yet.")
    return told


def main(arguments):
    if len(arguments) < 2 or (len(arguments) > 2 and (arguments[2] != "--seen" or len(arguments) < 4)):
        print(__doc__)
        return 2
    try:
        with open(arguments[1], encoding="utf-8") as file:
            keys = read_keys(file.read())
        seen = []
        for path in arguments[3:]:
            with open(path, encoding="utf-8", newline="") as file:
                found = split_checkpoints(file.read())
            if not found:
                raise Bad(f"{path} holds no checkpoint")
            seen += found
        with open(arguments[0], "rb") as lines:
            check = check_export(lines, keys, seen)
    except (OSError, ValueError, Bad) as error:
        print(f"Could not check: {error}.")
        return 2
    print("\n".join(sentences(check)))
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
