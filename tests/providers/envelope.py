"""Tencent's encrypted callbacks, written from the documentation so that it also checks wechatpy's.

https://developer.work.weixin.qq.com/document/path/90968; the official account uses the same.
"""

import base64
import hashlib
import os
import re
import secrets
import struct
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "local-test-token"
Fields = dict[str, object]


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(text: str, aes_key: str, owner: str) -> str:
    """Random, length, text, owner (app id or corp id), padded to 32 bytes."""
    content = text.encode()
    packed = os.urandom(16) + struct.pack(">I", len(content)) + content + owner.encode()
    padding = 32 - len(packed) % 32
    box = _cipher(aes_key).encryptor()
    return base64.b64encode(box.update(packed + bytes([padding]) * padding) + box.finalize()).decode()


def decrypt(sealed: str, aes_key: str) -> tuple[str, str]:
    """The text and its owner."""
    box = _cipher(aes_key).decryptor()
    packed = box.update(base64.b64decode(sealed)) + box.finalize()
    packed = packed[16 : -packed[-1]]
    (length,) = struct.unpack(">I", packed[:4])
    return packed[4 : 4 + length].decode(), packed[4 + length :].decode()


def to_xml(fields: Fields, root: str = "xml") -> str:
    return f"<{root}>{_inside(fields)}</{root}>"


def _inside(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_inside(item)}</{name}>" for name, item in value.items())
    if isinstance(value, list):
        return "".join(_inside(item) for item in value)
    if isinstance(value, int | float):
        return str(value)
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def from_xml(text: str) -> dict[str, str]:
    """One level of fields; deeper ones by the names that lead there: `Image.MediaId`."""
    found: dict[str, str] = {}

    def walk(element: ElementTree.Element, prefix: str) -> None:
        for child in element:
            found[prefix + child.tag] = child.text or ""
            walk(child, f"{prefix}{child.tag}.")

    walk(ElementTree.fromstring(text), "")
    return found


def opened(reply: str, aes_key: str, token: str, owner: str) -> dict[str, str]:
    """A passive reply, verified like the provider does; ValueError says what is wrong with it."""
    outer = from_xml(reply)
    if "Encrypt" not in outer:
        raise ValueError("the reply is not encrypted")
    if outer.get("MsgSignature") != sign(token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]):
        raise ValueError("the signature of the reply is wrong")
    text, told = decrypt(outer["Encrypt"], aes_key)
    if told != owner:
        raise ValueError(f"the reply is for {told}")
    return from_xml(text)


def new_nonce() -> str:
    return re.sub(r"\D", "", str(secrets.randbelow(10**10)))
