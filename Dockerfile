# Serving only: the form, the checks and the released models. No training code, no TensorFlow.
FROM python:3.11.14-slim-bookworm AS base

FROM base AS builder
WORKDIR /build
RUN python -m venv /venv
COPY requirements-serve.txt .
RUN /venv/bin/pip install --no-cache-dir -r requirements-serve.txt

FROM base
RUN useradd --uid 10001 --home-dir /app --shell /usr/sbin/nologin selvedge \
    && install -d -o selvedge -g selvedge /app/var
WORKDIR /app
COPY --from=builder /venv /venv
COPY data/ data/
COPY vision/ vision/
COPY text/ text/
COPY fusion/ fusion/
COPY web/ web/
# Our packages are not installed (their names are too general for site-packages).
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 \
    SELVEDGE_HOST=0.0.0.0 SELVEDGE_PORT=8000
USER 10001
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"SELVEDGE_PORT\"]}/healthz', timeout=4)"]
# gunicorn inside: the way `make run` serves too, so that every setting holds here as well.
CMD ["python", "-m", "web", "serve"]
