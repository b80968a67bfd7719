"""flip.py FILE.pdf DIRECTORY: copies of a signed PDF, each with one byte changed.

Places are found by reading the file, not by fixed offsets, so that every copy
really hits what its name says.
"""

import hashlib
import pathlib
import re
import sys

from pyhanko.pdf_utils.reader import PdfFileReader


def stream_offset(data: bytes, raw: bytes) -> int:
    """Where in the file a stream's encoded bytes stand; the middle of them."""
    start = data.find(raw)
    assert start > 0 and data.count(raw) == 1, "stream not found once"
    return start + len(raw) // 2


def places(path: pathlib.Path):
    data = path.read_bytes()
    with path.open("rb") as file:
        reader = PdfFileReader(file)
        root = reader.root
        page = root["/Pages"]["/Kids"][0]
        contents = page["/Contents"]
        if not hasattr(contents, "encoded_data"):
            contents = contents[0]
        yield "content", stream_offset(data, contents.encoded_data)
        files = root["/Names"]["/EmbeddedFiles"]["/Names"]
        yield "attachment", stream_offset(data, files[1]["/EF"]["/F"].encoded_data)
        yield "metadata", stream_offset(data, root["/Metadata"].encoded_data)
        signature = reader.embedded_signatures[0]
        hexed = signature.pkcs7_content.hex().encode()
        start, end = signature.byte_range[1], signature.byte_range[2]
        hole = data[start:end].lower()

        def in_hole(needle: bytes, into: int) -> int:
            found = hole.find(needle)
            assert found > 0, "not inside the signature"
            return start + found + into

        assert hexed in hole
        digest = signature.signer_info["signed_attrs"]
        digest = next(a for a in digest if a["type"].native == "message_digest")["values"][0].native
        covered = data[:start] + data[end:]
        assert hashlib.sha256(covered).digest() == digest, "digest differs before anything was flipped"
        yield "digest", in_hole(digest.hex().encode(), 10)
        value = signature.signer_info["signature"].native
        yield "signature", in_hole(value.hex().encode(), 40)
        yield "trailer", data.rindex(b"/Size") + 6
    yield "reason", re.search(rb"/Reason <", data).end() + 3


def main() -> None:
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    data = source.read_bytes()
    for name, offset in places(source):
        copy = bytearray(data)
        # Hex digits and decimal digits stay digits: the change must be caught
        # by the signature, not by a parser that stumbles.
        old = copy[offset : offset + 1]
        copy[offset] = ord("1" if old != b"1" else "2") if old.isalnum() else copy[offset] ^ 1
        assert bytes(copy) != data
        (target / f"{name}.pdf").write_bytes(copy)


main()
