"""Routes of photos. Decoding happens outside every transaction; the file is on disk before its row is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Request, Response, current_app
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict

from server.config import Settings
from server.evidence import pictures, service, store
from server.evidence.schemas import PhotoAnswer, PhotoQuery, PhotoUpload
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web import rates
from server.web.routes import Call, endpoint

UPLOADS = rates.Rate("photo", 600, timedelta(hours=1))
"""Photos that one person may send in an hour: more than anybody takes, fewer than fill a disk."""


class _WholeForm(FlaskParser):
    """Reads the text fields of an upload beside its files, so that one schema says what is sent."""

    def load_files(self, req: Request, schema: Schema) -> Any:
        """Both parts of the form."""
        return self._makeproxy(CombinedMultiDict([req.form, req.files]), schema)


class _Uploads(Blueprint):  # type: ignore[misc]
    ARGUMENTS_PARSER = _WholeForm()


blueprint = _Uploads("evidence", __name__, description="照片")


def folder() -> Path:
    """Where this instance keeps photos."""
    settings: Settings = current_app.extensions["jifen_settings"]
    return store.folder_in(settings.data)


@endpoint(
    blueprint,
    "POST",
    "/photos",
    needs=Permission.PHOTO_ADD,
    body=PhotoUpload,
    body_location="files",
    answer=PhotoAnswer,
    status=201,
    also={200: PhotoAnswer},
    own_transaction=True,
)
def upload_photo(call: Call, body: dict[str, Any]) -> Any:
    """Send one photo; the same id and picture again gives the same answer with 200."""
    upload = body["file"].read()
    digest = service.upload_hash(upload)
    with transaction(writes=False) as session:
        kept = service.known(session, call.actor, body["id"], digest)
    if kept is None:
        with transaction() as session:
            rates.count(session, UPLOADS, call.actor.person, call.now)
        picture = pictures.prepare(upload)
        store.keep(folder(), picture)
        with transaction() as session:
            kept = service.add(session, call.actor, body["id"], digest, picture, call.now)
        store.keep(folder(), picture)  # in case retention took the same picture away in between
    return kept, 201 if kept.first else 200


@endpoint(
    blueprint,
    "GET",
    "/photos/<key>",
    needs=Permission.OWN,
    query=PhotoQuery,
    content_type="image/jpeg",
    own_transaction=True,
)
def show_photo(call: Call, query: dict[str, Any], key: str) -> Response:
    """One photo, for its uploader and those who may read what it belongs to."""
    with transaction(writes=False) as session:
        content_hash = service.content_hash_of(session, call.actor, key)
    content = store.read(folder(), content_hash, query["size"] == "small")
    return Response(content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
