"""The entrance for a web server: `uvicorn throughcare.project.asgi:application`."""

from __future__ import annotations

import gc
import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughcare.project.settings")
# WhiteNoise hands over its files as plain iterators; Django reads them in a thread, which is what we want.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()

# What was loaded at the start stays: leave it out of collections, which then cost a page with a long line far less.
gc.freeze()
gc.set_threshold(300_000, 20, 50)
