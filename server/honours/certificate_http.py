"""Routes of certificates. They hold full names, so whoever reads one is on record."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from server.config import Settings
from server.honours import certificates, schemas
from server.honours.certificate_paper import certificates_pdf
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("certificates", __name__, description="荣誉证书")
_PDF = "application/pdf"


@endpoint(
    blueprint,
    "GET",
    "/nominations/<key>/certificate",
    needs=Permission.HONOUR_MANAGE,
    answer=schemas.CertificateSchema,
    own_transaction=True,  # full names go out, which is noted, so this read writes
)
def read_certificate(call: Call, key: str) -> Any:
    """What stands on the certificate of an honour that was given."""
    with transaction() as session:
        return certificates.one(session, call.actor, key, _address(), call.now)


@endpoint(
    blueprint,
    "GET",
    "/nominations/<key>/certificate.pdf",
    needs=Permission.HONOUR_MANAGE,
    content_type=_PDF,
    own_transaction=True,
)
def print_certificate(call: Call, key: str) -> Response:
    """One certificate on A4 across, with a place for the seals."""
    with transaction() as session:
        found = certificates.one(session, call.actor, key, _address(), call.now)
    return _paper(certificates_pdf([found], call.now), f"certificate-{found.number}.pdf")


@endpoint(
    blueprint,
    "GET",
    "/evaluations/<key>/certificates.pdf",
    needs=Permission.HONOUR_MANAGE,
    content_type=_PDF,
    own_transaction=True,
)
def print_certificates(call: Call, key: str) -> Response:
    """All certificates of a year, one on each page."""
    with transaction() as session:
        found = certificates.every(session, call.actor, key, _address(), call.now)
    return _paper(certificates_pdf(found, call.now), f"certificates-{found[0].year}.pdf")


def _address() -> str:
    settings: Settings = current_app.extensions["jifen_settings"]
    return settings.public_url


def _paper(pdf: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pdf, content_type=_PDF, headers=headers)
