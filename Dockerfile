# syntax=docker/dockerfile:1

# 1. Wheels, checked against their hashes.
FROM python:3.12.12-slim-bookworm AS wheels
WORKDIR /build
COPY requirements.txt .
RUN pip wheel --no-cache-dir --require-hashes --only-binary :all: \
        --wheel-dir /wheels --requirement requirements.txt

# 2. The site.
FROM python:3.12.12-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=mediation.settings \
    DJANGO_VAR_DIR=/srv/var \
    GUNICORN_BIND=0.0.0.0:8000
WORKDIR /srv/site

RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \
    pip install --no-cache-dir --no-index --find-links /wheels \
        --require-hashes --requirement /tmp/requirements.txt \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin site \
    && install --directory --owner site /srv/var /srv/var/imports

# The code belongs to root: a site that is broken into cannot rewrite itself.
COPY . .
# Its number, not its name: orchestrators check that it is not root's.
USER 10001

# The secret of this line signs nothing: collecting static files needs settings that load.
RUN DJANGO_SECRET_KEY=build-only python manage.py collectstatic --no-input

EXPOSE 8000
# As a reverse proxy asks: the first allowed host, over TLS.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; host = os.environ.get('DJANGO_ALLOWED_HOSTS', '127.0.0.1').split(',')[0]; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': host, 'X-Forwarded-Proto': 'https'}), timeout=2)"]
CMD ["python", "-m", "gunicorn", "--config", "mediation/gunicorn.py"]
