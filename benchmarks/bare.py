"""The bare minimum to compare webhooks with: FastAPI routes that verify nothing and store nothing."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from ivr.static import fallback

app = FastAPI(docs_url=None, redoc_url=None)
TWIML = fallback()


@app.post("/webhooks/voice/{path:path}")
async def step(path: str, request: Request) -> Response:
    await request.body()
    return Response(TWIML, media_type="text/xml")


@app.post("/{path:path}")
async def acknowledge(path: str, request: Request) -> Response:
    await request.body()
    return Response("success", media_type="text/plain")
