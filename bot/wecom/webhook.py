"""WeCom's calls: verified, stored, then answered; what we say goes out through the API."""

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from bot.wecom.crypto import Envelope, Forged, Unreadable
from bot.wecom.payload import NotXml, fields, to_inbound
from core.messaging.reception import Reception

MOST_BODY = 64 * 1024  # bytes; WeCom's own messages are a few KiB
_log = structlog.get_logger()
_PROOF = ("msg_signature", "timestamp", "nonce")


def routes(envelope: Envelope, reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/webhooks/wecom", tags=["wecom"])

    @router.get("")
    async def verify(request: Request) -> Response:
        """The echo WeCom asks for when the callback is saved."""
        try:
            proof = _proof(request, *_PROOF, "echostr")
            return PlainTextResponse(envelope.opened(*proof))
        except (Forged, Unreadable) as refused:
            return _refused(refused)

    @router.post("")
    async def receive(request: Request) -> Response:
        body = await request.body()
        if len(body) > MOST_BODY:
            return Response(status_code=413)
        try:
            document = opened(envelope, request, body)
        except (Forged, Unreadable, NotXml) as refused:
            return _refused(refused)
        inbound = to_inbound(document)
        if inbound is not None:
            await reception.take(inbound)
        return Response()  # stored; an empty answer ends WeCom's tries

    return router


def opened(envelope: Envelope, request: Request, body: bytes) -> dict[str, str]:
    """What a call says. Forged when it is not encrypted, for nothing else is signed."""
    proof = _proof(request, *_PROOF)
    sealed = fields(body).get("Encrypt", "").strip()
    if not sealed:
        raise Forged("not encrypted")
    return fields(envelope.opened(*proof, sealed))


def _proof(request: Request, *names: str) -> tuple[str, ...]:
    """Each parameter, given once: of two, one might be signed and the other used."""
    found = [request.query_params.getlist(name) for name in names]
    if any(len(values) != 1 or not values[0] for values in found):
        raise Forged("parameters")
    return tuple(values[0] for values in found)


def _refused(why: Exception) -> Response:
    _log.warning("WeCom webhook refused", why=f"{type(why).__name__}: {why}")
    return Response(status_code=403 if isinstance(why, Forged) else 400)
