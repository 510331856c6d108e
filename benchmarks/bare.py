"""The bare minimum to compare webhooks with: a FastAPI route that verifies nothing and stores nothing."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

app = FastAPI(docs_url=None, redoc_url=None)


@app.post("/{path:path}")
async def acknowledge(path: str, request: Request) -> Response:
    await request.body()
    return Response("success", media_type="text/plain")
