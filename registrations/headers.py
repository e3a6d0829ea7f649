"""The one source of the headers that protect the visitor. Every server in front of the site gets them from here."""

from collections.abc import Mapping
from functools import lru_cache

from registrations.catalogue import Policy
from registrations.loopback import is_direct

HTTPS_ONLY = "Strict-Transport-Security"
UPGRADE = "; upgrade-insecure-requests"
FIXED = {
    HTTPS_ONLY: "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",  # what the browser keeps on its disk names this site
}

UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}  # of a preview


def of_answer(policy: Policy, environ: Mapping[str, object]) -> dict[str, str]:
    """Return the headers of our own answer to the WSGI request ``environ``: the only place that decides about plain http."""
    return security(policy, plain=is_direct(environ))


@lru_cache(8)
def security(policy: Policy, *, plain: bool = False) -> dict[str, str]:
    """The headers of every answer. Script and style stand in the pages and are pinned by their hashes.

    ``plain``: of an answer over http to a browser on the same machine, which must not be sent to https.
    """
    fixed = {name: value for name, value in FIXED.items() if not (plain and name == HTTPS_ONLY)}
    return {"Content-Security-Policy": content_security_policy(policy, plain=plain), **fixed}


def content_security_policy(policy: Policy, *, plain: bool = False) -> str:
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
    return "; ".join(f"{name} {value}" for name, value in directives.items()) + ("" if plain else UPGRADE)


def _sources(hashes: tuple[str, ...]) -> str:
    return " ".join(("'self'", *(f"'{each}'" for each in hashes)))


def caddy(policy: Policy) -> str:
    """Lines for a site of Caddy's: what the collector has set stays, and Caddy's own answers are protected too."""
    lines = (f"\t?{name} {_quoted(value)}" for name, value in security(policy).items())
    return "\n".join(["header {", *lines, "\t-Server", "}", ""])


def nginx(policy: Policy) -> str:
    """Lines for a place in nginx whose answers are nginx's own; where it passes on, the collector has set them."""
    return "".join(f"add_header {name} {_quoted(value)} always;\n" for name, value in security(policy).items())


def static_host(policy: Policy, *, preview: bool = False) -> str:
    """The file ``_headers``, which Netlify and Cloudflare Pages read from the folder that they publish."""
    headers = security(policy) | (UNLISTED if preview else {})
    return "".join(["/*\n", *(f"  {name}: {value}\n" for name, value in headers.items())])


def _quoted(value: str) -> str:
    if '"' in value or "\\" in value or "$" in value or "{" in value:
        raise ValueError("a header that the server would read as something else")
    return f'"{value}"'
