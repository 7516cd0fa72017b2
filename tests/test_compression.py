"""Answers are compressed for who accepts it, and say so."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from mediation.compression import LightGZipMiddleware

LONG = b"Une aide pour Ameli. " * 100


def answered(response: HttpResponse, accepted: str = "gzip, br") -> HttpResponse:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepted)
    return LightGZipMiddleware(lambda _request: response)(request)  # type: ignore[return-value]


def test_long_answer_is_compressed_and_read_back() -> None:
    response = answered(HttpResponse(LONG))
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Content-Length"] == str(len(response.content)) < str(len(LONG))
    assert gzip.decompress(response.content) == LONG


def test_length_of_the_same_answer_varies() -> None:
    lengths = {len(answered(HttpResponse(LONG)).content) for _ in range(50)}
    assert len(lengths) > 5


def test_strong_validator_becomes_weak() -> None:
    assert answered(HttpResponse(LONG, headers={"ETag": '"a"'}))["ETag"] == 'W/"a"'


@pytest.mark.parametrize(
    ("response", "accepted"),
    [
        (HttpResponse(LONG), "identity"),
        (HttpResponse(b"court"), "gzip"),
        (HttpResponse(LONG, headers={"Content-Encoding": "br"}), "gzip"),
    ],
)
def test_other_answers_are_left_as_they_are(response: HttpResponse, accepted: str) -> None:
    before = response.content
    assert answered(response, accepted).content == before


def test_answer_that_may_be_compressed_always_tells_caches_so() -> None:
    assert answered(HttpResponse(LONG), "identity")["Vary"] == "Accept-Encoding"


def test_stream_stays_a_stream() -> None:
    response = answered(StreamingHttpResponse(iter([LONG, LONG])))  # type: ignore[arg-type]
    assert response.streaming
    assert gzip.decompress(b"".join(response)) == LONG * 2
