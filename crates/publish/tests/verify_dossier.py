#!/usr/bin/env python3
"""A second verifier of Orepass dossiers: it follows docs/dossier.md, shares no code with the first, and needs only the
standard library.

usage: verify_dossier.py [--key VKEY] DOSSIER.zip ...
One line an archive: "OK ..." or "WRONG <check> <place>: expected ..., found ...". Exit code 0 if all are OK.
"""
import base64
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from decimal import (ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal,
                     InvalidOperation)

MAX_FILES, MAX_BYTES = 20_000, 512 * 1024 * 1024


class Wrong(Exception):
    def __init__(self, check, place, expected, found):
        super().__init__(f"WRONG {check} {place}: expected {expected}, found {found}")


# ---- Ed25519 (RFC 8032) ----------------------------------------------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover(encoded):
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == (-u) % P:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE = recover((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = recover(key), recover(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(multiply(s, BASE), add(r, multiply(h, a)))


def unbase64(text):
    """RFC 4648 section 4 with padding, and only the one spelling of each value."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not canonical base64")
    return raw


# ---- keys and notes (C2SP signed-note) -------------------------------------------------------------------------------
def parse_key(text):
    name, hashed, encoded = text.split("+", 2)
    raw = unbase64(encoded)
    if not name or re.search(r"[\s+]", name) or raw[:1] != b"\x01" or len(raw) != 33:
        raise ValueError("not an Ed25519 verifier key")
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if key_id.hex() != hashed:
        raise ValueError("the hash does not fit name and key")
    return name, key_id, raw[1:]


def open_note(check, place, note, key):
    name, key_id, public = key
    text, split, signatures = note.rpartition("\n\n")
    if not split or not signatures.endswith("\n"):
        raise Wrong(check, place, "a signed note", "something else")
    text += "\n"
    foreign = True
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch("— (\\S+) (\\S+)", line)
        try:
            blob = unbase64(match[2]) if match else b""
        except ValueError:
            blob = b""
        if len(blob) < 5:
            raise Wrong(check, place, "a signature line", line)
        if match[1] == name and blob[:4] == key_id:
            foreign = False
            if not ed25519(public, text.encode(), blob[4:]):
                raise Wrong(check, place, f"a signature of {name} that fits", "one that does not")
    if foreign:
        raise Wrong("key", place, f"signed by {name}", "other keys only")
    return text


# ---- the Merkle tree (RFC 9162, 2.1.3.2) -----------------------------------------------------------------------------
def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(leaf, index, size, path):
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = sha256(b"\x01" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


# ---- JSON ------------------------------------------------------------------------------------------------------------
def pairs_once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member is there twice")
    return dict(pairs)


def parse_json(data):
    return json.loads(data.decode("utf-8"), object_pairs_hook=pairs_once)


def canonical(value):
    """RFC 8785 of values without fractions; member names are ASCII, so code points sort as UTF-16 does."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# ---- the checks ------------------------------------------------------------------------------------------------------
def shared(name, data):
    """What both headers of a file say."""
    return struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)


def packed(files):
    """The one archive that has these files."""
    body, directory = b"", b""
    for name, data in sorted((path.encode(), data) for path, data in files.items()):
        directory += b"PK\x01\x02" + struct.pack("<H", 0x314) + shared(name, data)
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name
        body += b"PK\x03\x04" + shared(name, data) + name + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def plain(text):
    return all(part not in ("", ".", "..") for part in text.split("/")) and not re.search(r"[\\:\x00-\x1f\x7f-\x9f]", text)


def unpack(path):
    """The files, and whether the archive is the one that has them."""
    try:
        with open(path, "rb") as stream:
            whole = stream.read(MAX_BYTES + 1)
        if len(whole) > MAX_BYTES:
            raise ValueError("too large")
        files, left = {}, MAX_BYTES
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                if not plain(entry.filename) or entry.filename in files or len(files) == MAX_FILES:
                    raise ValueError(f"{entry.filename!r} is not a plain path, there twice, or too many")
                with archive.open(entry) as stream:
                    files[entry.filename] = stream.read(left + 1)
                left -= len(files[entry.filename])
                if left < 0:
                    raise ValueError("too large")
        return files, packed(files) == whole
    except (ValueError, struct.error, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise Wrong("archive", "the zip", "a readable archive", error)


def need(files, name, check):
    if name not in files:
        raise Wrong(check, name, "the file", "no such file")
    return files[name]


def need_text(files, name, check):
    try:
        return need(files, name, check).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong(check, name, "UTF-8", error)


def check_entries(files, key, size, root):
    checkpoint = files["ledger/checkpoint"].decode()
    proved = {}
    for name in sorted(files):
        if not name.startswith("ledger/entries/"):
            continue
        data = files[name]
        try:
            record = parse_json(data)
            seq, digest = record["seq"], record["payload"]
            if not isinstance(seq, int) or canonical(record) != data:
                raise ValueError("not canonical")
        except (ValueError, KeyError, TypeError) as error:
            raise Wrong("entries", name, "a canonical record", error)
        if name != f"ledger/entries/{seq}.json":
            raise Wrong("entries", name, f"{seq}.json", name)
        proof_name = f"ledger/proofs/{seq}.tlog-proof"
        head, _, signed = need_text(files, proof_name, "entries").partition("\n\n")
        lines = head.split("\n")
        try:
            if lines.pop(0) != "c2sp.org/tlog-proof@v1":
                raise ValueError("no proof")
            if lines and lines[0].startswith("extra "):
                unbase64(lines.pop(0)[6:])
            index = lines.pop(0)
            path = [unbase64(line) for line in lines]
            if signed != checkpoint:
                raise ValueError("another checkpoint")
            if index != f"index {seq}":
                raise ValueError(index)
            if any(len(node) != 32 for node in path) or root_of(sha256(b"\0" + data), seq, size, path) != root:
                raise ValueError("the path does not lead to the root")
        except (ValueError, IndexError) as error:
            raise Wrong("entries", proof_name, f"a proof of entry {seq}", error)
        payload, salt = (files.get(f"ledger/payloads/{seq}.{ext}") for ext in ("json", "salt"))
        if payload is None or salt is None:
            payload = None
        else:
            try:
                found = sha256(bytes.fromhex(salt.decode()) + payload).hex() if len(salt) == 32 else "no salt"
            except ValueError as error:
                found = str(error)
            if found != digest:
                raise Wrong("entries", f"ledger/payloads/{seq}.json", digest, found)
        proved[seq] = (record, payload)
    return proved


def check_bound(files, proved, node, name, kind, member, check):
    found = sha256(need(files, name, check)).hex()
    for seq in sorted(proved, reverse=True):
        record, payload = proved[seq]
        if record["kind"] == kind and node in record["subjects"]:
            try:
                expected = parse_json(payload or b"null").get(member)
            except (ValueError, AttributeError):
                expected = None
            if not isinstance(expected, str):
                raise Wrong(check, f"ledger/payloads/{seq}.json", f"the member {member}", "none")
            if expected != found:
                raise Wrong(check, name, expected, found)
            return
    raise Wrong(check, name, f"an entry {kind} about {node}", "none")


EXACT = Context(prec=60)


TIES = {"to-even": ROUND_HALF_EVEN, "away-from-zero": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def split(text):
    """Qualifier, number, what closes the qualifier; None if there is no decimal."""
    found = re.fullmatch(r"(ND \(<)(.*)(\))", text) or re.fullmatch(r"([<>≤≥ ]*)([^<>≤≥ ].*)()", text)
    if not found or not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", found[2]):
        return None
    return found[1], Decimal(found[2]), found[3]


def spelt(text):
    found = re.fullmatch(r"([<>≤≥ ]*)([^<>≤≥ ].*)", text)
    if not found or split(text) is None or text.startswith("ND"):
        return None
    number = Decimal(found[2])
    digits = format(abs(number) if number == 0 else number, "f")
    return found[1] + digits


def rounded(number, rounding):
    step = Decimal(1).scaleb(-rounding["places"])
    result = number.quantize(step, rounding=TIES[rounding["ties"]], context=EXACT)
    return format(abs(result) if result == 0 else result, "f")


def total(terms, censored, open_above, named):
    result = Decimal(0)
    for term in terms:
        parts = split(named[term["node"]]) if term["node"] in named else None
        if parts is None:
            raise ValueError("a term is no input, or no decimal")
        sign, number = parts[0].strip(), EXACT.multiply(parts[1], Decimal(term["factor"]))
        if sign in ("<", "≤", "ND (<"):
            number = EXACT.multiply(number, censored)
        elif sign and not (sign in (">", "≥") and open_above):
            raise ValueError("a qualifier that cannot be counted")
        result += number
    return result


def combine(step, named, value):
    """Without a value: the least and the most, unrounded, None for an end that nothing bounds."""
    whole = step.get("whole", [])
    if set(named) - {term["node"] for term in step["part"] + whole}:
        raise ValueError("an input is in no term")

    def unrounded(in_part, in_whole, end):
        number = total(step["part"], Decimal(in_part), end == "least", named)
        if whole:
            if "divisor" in step:
                raise ValueError("a whole and a divisor")
            inside = {term["node"] for term in step["part"]}
            own = total([term for term in whole if term["node"] in inside], Decimal(in_part), end == "least", named)
            rest = total([term for term in whole if term["node"] not in inside], Decimal(in_whole), end == "most", named)
            number = EXACT.divide(number, own + rest)
        elif "divisor" in step:
            number = EXACT.divide(number, Decimal(step["divisor"]))
        return EXACT.multiply(number, Decimal(step["factor"]))

    def printed(in_part, in_whole, end, **ties):
        return rounded(unrounded(in_part, in_whole, end), {**step["rounding"], **ties})

    if value is None:
        def reached(*count):
            try:
                return unrounded(*count)
            except (ValueError, ArithmeticError):
                return None
        if not any(split(text) is None or split(text)[0] for text in named.values()):
            return (reached(1, 1, ""),) * 2
        return reached(0, 1, "least"), reached(1, 0, "most")

    try:
        fraction = Decimal(step["censored"])
        bounds = any(split(text) is None or split(text)[0] for text in named.values())
        if step.get("statement") == "upper":
            expected = "<" + printed(1, 0, "most")
        elif step.get("statement") == "lower":
            expected = "≥" + printed(0, 1, "least")
        elif step.get("statement") == "both":
            expected = printed(0, 1, "least", ties="down") + "–" + printed(1, 0, "most", ties="up")
        elif step.get("substituted") or not bounds:
            expected = printed(fraction, fraction, "")
        else:
            expected = printed(0, 1, "least")
            if expected != printed(1, 0, "most") or Decimal(expected) == 0:
                raise ValueError("a plain number of inputs that are only bounds")
    except ArithmeticError as error:
        raise ValueError(f"it cannot be computed: {error}")
    return "" if expected == value else expected


def report(step, text):
    """A figure by the limits of its method."""
    lod, loq = step.get("lod"), step.get("loq")
    limit = loq if loq is not None else lod
    for bound in (lod, limit):
        if bound is not None and split(bound) is None:
            raise ValueError("a limit is not a decimal")
    not_detected = None if lod is None else f"ND (<{lod})"
    less = None if limit is None else f"<{limit}"
    if text == "ND":
        return not_detected or less or text
    if text == "<LOQ":
        return less or text
    parts = split(text)
    if parts is None or parts[0].strip() not in ("", "<", "≤"):
        return text
    value, number = parts[0].strip() == "", parts[1]
    if step["rule"] != "below-loq" and lod is not None:
        if number < Decimal(lod) or (not value and number == Decimal(lod)):
            return not_detected
    return less if limit is not None and number < Decimal(limit) else text


def ends_of(text):
    """Least and most of a text that was not rounded."""
    parts = split(text)
    if parts is None or parts[0].strip() not in ("", "<", "≤", "ND (<", ">", "≥"):
        raise ValueError("an input is not a decimal")
    sign, number = parts[0].strip(), parts[1]
    return (Decimal(0) if sign in ("<", "≤", "ND (<") else number), (None if sign in (">", "≥") else number)


def unrounded_ends(node, named):
    """Least and most of a node before its rounding; `named` are its inputs."""
    step = node.get("step") or {"op": "copy"}
    if node.get("typed") or node.get("raw") is not None:
        return ends_of(node["value"])
    if step["op"] == "combine":
        return combine(step, named, None)
    if step["op"] in ("convert", "round") and len(named) == 1:
        factor = Decimal(step["factor"]) if step["op"] == "convert" else Decimal(1)
        return tuple(None if end is None else EXACT.multiply(end, factor) for end in ends_of(*named.values()))
    return ends_of(node["value"])


def worst(step, inputs, value):
    """`inputs` are (least, most) and text; the value must be a worst one: beyond the limits, in part, least room."""
    if "lower" not in step and "upper" not in step or not inputs:
        raise ValueError("the worst needs a limit and inputs")
    infinite = Decimal("Infinity")

    def badness(least, most):
        low, high = (-infinite if least is None else least), (infinite if most is None else most)
        room, best = [], []
        if "upper" in step:
            upper = split(step["upper"])[1]
            room.append(upper - high)
            best.append(upper - low)
        if "lower" in step:
            lower = split(step["lower"])[1]
            room.append(low - lower)
            best.append(high - lower)
        return (min(room) < 0) + (min(best) < 0), -min(room)

    bad = [(badness(*ends), text) for ends, text in inputs]
    most = max(key for key, _ in bad)
    candidates = [text for key, text in bad if key == most]
    return "" if value in candidates else candidates[0]


def repeat(step, inputs, value):
    """The expected text if it differs, "" if it agrees, None if it is stated; ValueError if it does not fit."""
    op = step["op"]
    if op == "stated":
        return None
    if op == "mean":
        numbers = [split(text) for text in inputs]
        if not numbers or any(number is None or number[0] for number in numbers):
            raise ValueError("a mean takes plain decimals")
        total = sum((number[1] for number in numbers), Decimal(0))
        qualifier, number = "", EXACT.divide(total, Decimal(len(numbers)))
        if step.get("rounding") is None:
            ok = split(value) is not None and not split(value)[0] and split(value)[1] * len(numbers) == total
            return "" if ok else str(number)
        expected = rounded(number, step["rounding"])
        return "" if expected == value else expected
    if len(inputs) != 1:
        raise ValueError("this step has exactly one input")
    text = inputs[0]
    if op == "read":
        expected = text.strip()
        if step["thousands"]:
            expected = expected.replace(step["thousands"], "")
        expected = expected.replace(step["decimal"], ".")
        return "" if expected == value else expected
    if op == "copy":
        return "" if text == value else text
    if op == "report":
        expected = report(step, text)
        return "" if expected == value else expected
    if op == "plain":
        expected = spelt(text)
        if expected is None:
            raise ValueError("the input is not a decimal")
        return "" if expected == value else expected
    parts = split(text)
    if parts is None:
        raise ValueError("the input is not a decimal")
    qualifier, number, close = parts
    if op == "convert":
        try:
            number = EXACT.multiply(number, Decimal(step["factor"]))
        except InvalidOperation:
            raise ValueError("the factor is not a decimal")
    elif op != "round":
        raise ValueError(f"unknown step {op}")
    if step.get("rounding") is None:
        return "" if split(value) == (qualifier, number, close) else f"{qualifier}{number}{close}"
    expected = qualifier + rounded(number, step["rounding"]) + close
    return "" if expected == value else expected


def check_derivation(files, document, proved):
    name = "derivation.json"
    try:
        derivation = parse_json(need(files, name, "derivation"))
        nodes, edges = derivation["nodes"], derivation["edges"]
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong("derivation", name, "nodes and edges", error)
    if derivation["schema"] != "orepass-derivation/1":
        raise Wrong("derivation", name, "orepass-derivation/1", derivation["schema"])
    by_id, inputs = {}, {}
    for node in nodes:
        if node["id"] in by_id:
            raise Wrong("derivation", node["id"], "one node of this id", "two")
        by_id[node["id"]] = node
        if node.get("seq") is not None and node["seq"] not in proved:
            raise Wrong("derivation", node["id"], f"ledger/entries/{node['seq']}.json", "no such entry")
    for edge in edges:
        for end in (edge["from"], edge["to"]):
            if end not in by_id:
                raise Wrong("derivation", f"edge {edge['from']} → {edge['to']}", f"a node {end}", "none")
        if edge["role"] in ("evidence", "read-from") and by_id[edge["from"]].get("value") is not None:
            inputs.setdefault(edge["to"], []).append(edge["from"])
    for item in document["items"]:
        check_item(files, item, by_id, inputs)


def check_item(files, item, by_id, inputs):
    place = item["node"]
    if place not in by_id:
        raise Wrong("derivation", place, "a node for this item", "none")
    if by_id[place].get("value", "") != item["result"]["text"]:
        raise Wrong("derivation", place, by_id[place].get("value", ""), item["result"]["text"])
    if item["result"]["qualifier"] in ("not-analysed", "insufficient-sample", "listed-not-received"):
        return
    check_figures(item)
    typed, substituted = walk(files, place, by_id, inputs)
    for of in item.get("samples", {}).get("values", []):
        if of["node"] not in by_id:
            raise Wrong("derivation", of["node"], "a node for this sample", "none")
        if by_id[of["node"]].get("value", "") != of["text"]:
            raise Wrong("derivation", of["node"], by_id[of["node"]].get("value", ""), of["text"])
        more = walk(files, of["node"], by_id, inputs)
        typed, substituted = typed or more[0], substituted or more[1]
    if substituted and "substituted" not in item.get("marks", []):
        raise Wrong("derivation", place, "the mark substituted", "no mark")
    if typed and "hand-typed" not in item.get("marks", []):
        raise Wrong("derivation", place, "the mark hand-typed", "no mark")


def check_figures(item):
    """What a printed figure must not say."""
    place, text, marks = item["node"], item["result"]["text"], item.get("marks", [])
    if spelt(text) not in (None, text):
        raise Wrong("derivation", place, spelt(text), text)
    parts = split(text)
    value = parts[1] if parts and not parts[0] and item["result"]["qualifier"] == "value" else None
    places = lambda digits: len(digits.partition(".")[2])
    if "uncertainty" in item:
        digits = item["uncertainty"].removeprefix("± ").split(" ")[0]
        width = split(digits)
        bare = digits.replace(".", "").lstrip("0") if "." in digits else digits.strip("0")
        two = len(bare) == 2 or ("." not in digits and len(bare) < 2)
        ends_well = places(digits) == places(text) or (places(digits) < places(text) and two)
        if value is None or not width or width[0] or width[1] == 0 or not ends_well:
            raise Wrong("derivation", place, f"no uncertainty, or one that ends where {text} ends", item["uncertainty"])
    limit = split(item.get("reporting_limit", ""))
    if value is not None and limit and value < limit[1] and not {"estimated", "substituted"} & set(marks):
        raise Wrong("derivation", place, f"<{item['reporting_limit']}", text)
    samples = item.get("samples")
    if samples and samples["rule"] != "each":
        found = len({of["sample"] for of in samples.get("values", [])})
        if found != samples["n"]:
            raise Wrong("derivation", place, f"{samples['n']} samples", found)


def walk(files, place, by_id, inputs):
    """Everything a value is computed from: whether any of it was typed, and whether anything was put in."""
    typed, substituted, done, on_path, stack = False, False, set(), set(), [(place, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            on_path.discard(name)
            done.add(name)
            continue
        if name in done:
            continue
        if name in on_path:
            raise Wrong("derivation", name, "a derivation without a cycle", "a cycle")
        on_path.add(name)
        stack.append((name, True))
        node = by_id[name]
        if node.get("typed"):
            if node.get("seq") is None:
                raise Wrong("derivation", name, "the ledger entry of the typed value", "none")
            typed = True
            continue
        raw, step, value = node.get("raw"), node.get("step") or {"op": "copy"}, node.get("value", "")
        substituted = substituted or bool(step.get("substituted"))
        if raw is not None:
            check_token(files, name, raw)
            texts = [raw["text"]]
        else:
            texts = [by_id[other]["value"] for other in inputs.get(name, [])]
            if not texts:
                raise Wrong("derivation", name, "a raw token or a typed entry at the end", "nothing")
            stack.extend((other, False) for other in inputs[name])
        try:
            if step["op"] == "worst" and raw is None:
                def named(of):
                    return {other: by_id[other]["value"] for other in inputs.get(of, [])}
                all_ends = [(unrounded_ends(by_id[of], named(of)), by_id[of]["value"]) for of in inputs[name]]
                expected = worst(step, all_ends, value)
            elif step["op"] == "combine" and raw is None:
                expected = combine(step, {other: by_id[other]["value"] for other in inputs[name]}, value)
            else:
                expected = repeat(step, texts, value)
        except ValueError as error:
            raise Wrong("derivation", name, "a step that fits its inputs", error)
        if expected:
            raise Wrong("derivation", name, expected, value)
    return typed, substituted


def check_token(files, place, raw):
    if not re.fullmatch(r"[0-9a-f]{64}", raw["file"]):
        raise Wrong("derivation", place, "a digest", raw["file"])
    data = next((files[name] for name in sorted(files) if name.startswith("raw/" + raw["file"])), None)
    if data is None:
        raise Wrong("derivation", place, "raw/" + raw["file"], "no such file")
    if raw.get("bytes") is not None:
        start, end = raw["bytes"]
        if data[start:end] != raw["text"].encode():
            raise Wrong("derivation", place, raw["text"], data[start:end])


def verify(path, trusted):
    files, original = unpack(path)                                                          # 1
    line = need_text(files, "keys/issuer.vkey", "key").rstrip("\n")                        # 2
    try:
        key = parse_key(line)
    except ValueError as error:
        raise Wrong("key", "keys/issuer.vkey", "a verifier key", error)
    if trusted and line not in trusted:
        raise Wrong("key", "keys/issuer.vkey", " or ".join(trusted), line)
    note = need_text(files, "ledger/checkpoint", "checkpoint")                              # 3
    head = open_note("checkpoint", "ledger/checkpoint", note, key).split("\n")
    if len(head) < 4 or head[0] != key[0] or not re.fullmatch(r"0|[1-9][0-9]*", head[1]):
        raise Wrong("checkpoint", "ledger/checkpoint", "origin, size, root", head)
    size, root = int(head[1]), unbase64(head[2])
    note = need_text(files, "status.note", "status")                                        # 4
    text = open_note("status", "status.note", note, key)
    first, _, body = text.partition("\n")
    try:
        if first != "orepass-status/1":
            raise ValueError(first)
        status = parse_json(body.encode())
        listed = status["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong("status", "status.note", "orepass-status/1", error)
    for name in sorted(listed):                                                             # 5
        if name not in files:
            raise Wrong("contents", name, "the file", "no such file")
    for name in sorted(files):
        if name != "status.note" and name not in listed:
            raise Wrong("contents", name, "only declared files", "undeclared")
    proved = check_entries(files, key, size, root)                                          # 6
    data = need(files, "certificate.json", "certificate")                                   # 7
    wrong = lambda expected, found: Wrong("certificate", "certificate.json", expected, found)
    try:
        document = parse_json(data)
        node = document["node"]
    except (ValueError, KeyError, TypeError) as error:
        raise wrong("orepass-certificate/1", error)
    check_bound(files, proved, node, "certificate.json", "certificate.issued", "json_sha256", "certificate")
    if document["schema"] != "orepass-certificate/1":
        raise wrong("orepass-certificate/1", document["schema"])
    if canonical(document) != data:
        raise wrong("canonical JSON", "another spelling")
    if document["ledger_origin"] != key[0]:
        raise wrong(key[0], document["ledger_origin"])
    named = [document[member] for member in ("node", "number", "revision")]
    if named != [status[member] for member in ("certificate", "number", "revision")]:
        raise wrong("the certificate of the status note", named)
    check_bound(files, proved, node, "certificate.pdf", "certificate.rendered", "pdf_sha256", "pdf")  # 8
    for name in sorted(files):                                                              # 9
        if name.startswith("raw/"):
            expected, found = name[4:].split(".")[0], sha256(files[name]).hex()
            if expected != found:
                raise Wrong("raw-files", name, expected, found)
    check_derivation(files, document, proved)                                               # 10
    for name in sorted(listed):                                                             # 11
        found = sha256(files[name]).hex()
        if listed[name] != found:
            raise Wrong("files", name, listed[name], found)
    if status["standing"]["standing"] != "current":                                         # 12
        raise Wrong("standing", status["number"], "a certificate in force", status["standing"])
    if not original:                                                                        # 13
        raise Wrong("form", "the zip", "the issuer's archive", "the same files in another")
    return f"OK {document['number']} / {document['revision']}, in force at {status['as_of']}, signed by {line}"


def main(arguments):
    trusted, paths = [], []
    while arguments:
        argument = arguments.pop(0)
        (trusted if argument == "--key" else paths).append(arguments.pop(0) if argument == "--key" else argument)
    failed = False
    for path in paths:
        try:
            print(verify(path, trusted))
        except Wrong as wrong:
            failed = True
            print(str(wrong).replace("\n", "\\n"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
