"""The production settings, with one more address: the hello-world that pages are compared with."""

from mediation.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
