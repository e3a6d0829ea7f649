"""The one source of the headers that protect the visitor. Every server in front of the site gets them from here."""

from functools import lru_cache

from registrations.catalogue import Policy

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",  # what the browser keeps on its disk names this site
}


@lru_cache(8)
def security(policy: Policy) -> dict[str, str]:
    """The headers of every answer. Script and style stand in the pages and are pinned by their hashes."""
    return {"Content-Security-Policy": content_security_policy(policy), **FIXED}


def content_security_policy(policy: Policy) -> str:
    """Nothing from anywhere else, and in the pages nothing but what the build put there."""
    directives = {
        "default-src": "'none'",
        "script-src": _sources(policy.script),
        "style-src": _sources(policy.style),
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items()) + "; upgrade-insecure-requests"


def _sources(hashes: tuple[str, ...]) -> str:
    return " ".join(("'self'", *(f"'{each}'" for each in hashes)))
