"""Text that we hand out and that comes back as we wrote it, or is refused."""

from flask import current_app
from itsdangerous import URLSafeSerializer


def signer(purpose: str) -> URLSafeSerializer:
    """Return what signs for one purpose with the installation's secret; BadData is raised for what it did not sign."""
    secret = current_app.secret_key
    if not secret:
        raise RuntimeError("nothing is signed without a secret key")
    return URLSafeSerializer(secret, salt=purpose)
