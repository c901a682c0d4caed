"""How is a key kept? As its SHA-256: keys are 256 random bits, so a slow hash adds nothing."""

import hashlib

from django.utils.crypto import salted_hmac


def hash_key(key: str) -> str:
    """Return the hexadecimal SHA-256 under which a key is stored and looked up."""
    return hashlib.sha256(key.encode()).hexdigest()


def demo_key(*names: str) -> str:
    """Return the key of one demo person or device, derived from the secret to be told again.

    Only `manage.py load_demo` gives people and devices such keys; a real hall's are random.
    """
    return salted_hmac("demo", "/".join(names), algorithm="sha256").hexdigest()
