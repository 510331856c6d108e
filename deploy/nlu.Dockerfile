# The model server: Rasa's own Python 3.10, the model trained while the image is built. From the root of the clone:
#   docker build -f deploy/nlu.Dockerfile .
# This repository's CI has no Docker engine and does not build it. Three packages of the lock (docopt,
# mattermostwrapper, randomname) come as source; uv fetches setuptools for them, which no lock of ours pins.
# tensorflow-cpu 2.12 has no wheel for ARM: build for linux/amd64.

FROM python:3.10-slim AS build
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY deploy/locks/uv.lock nlu/rasa/requirements.lock ./
RUN pip install --require-hashes -r uv.lock \
 && uv venv --python /usr/local/bin/python3.10 /opt/rasa \
 && uv pip sync --require-hashes --python /opt/rasa/bin/python requirements.lock
COPY nlu/rasa /opt/nlu
# The same variables as nlu/environment.py sets, so that the model comes out the same.
ENV PYTHONPATH=/opt/nlu PYTHONHASHSEED=0 PYTHONWARNINGS=ignore OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
    RASA_TELEMETRY_ENABLED=false RASA_MAX_CACHE_SIZE=0 TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 LOG_LEVEL=ERROR
# The server checks the archive against the hash that is recorded beside it.
RUN mkdir /model \
 && /opt/rasa/bin/python /opt/nlu/train.py /model/frontdoor.tar.gz \
 && sha256sum /model/frontdoor.tar.gz | cut -d ' ' -f 1 > /model/frontdoor.tar.gz.sha256

FROM python:3.10-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin frontdoor
COPY --from=build /opt/rasa /opt/rasa
COPY --from=build /opt/nlu /opt/nlu
COPY --from=build /model /model
COPY --chmod=0755 deploy/nlu-serve /usr/local/bin/nlu-serve
ENV PYTHONPATH=/opt/nlu PYTHONHASHSEED=0 PYTHONWARNINGS=ignore OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MPLCONFIGDIR=/tmp \
    RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 LOG_LEVEL=ERROR
USER 10001:10001
WORKDIR /tmp
EXPOSE 5005
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5005/healthz', timeout=4)"]
ENTRYPOINT ["nlu-serve"]
