"""The same search written by hand in SQL: what no index in memory would cost at the very least.

One query for a page of places, one for every facet's counts over the places found. A real SQL
search would count each facet without its own choice, hence ask more.
"""

from typing import Any

from django.db import connection

from directory.models.querysets import EARTH_RADIUS_KM, bounding_box
from directory.search.criteria import Criteria

FOUND = """
WITH near AS MATERIALIZED (
  SELECT place.id, place.commune_id, %(diameter)s * asin(sqrt(
      power(sin(radians(latitude - %(latitude)s) / 2), 2)
      + cos(radians(%(latitude)s)) * cos(radians(latitude))
      * power(sin(radians(longitude - %(longitude)s) / 2), 2))) AS distance
  FROM directory_place AS place
  WHERE state = 'published' AND latitude BETWEEN %(south)s AND %(north)s
    AND longitude BETWEEN %(west)s AND %(east)s
), found AS MATERIALIZED (
  SELECT * FROM near WHERE distance <= %(radius)s AND (%(needs)s::text[] IS NULL OR EXISTS (
    SELECT FROM directory_service AS service
    JOIN directory_serviceneed AS link ON link.service_id = service.id
    JOIN directory_need AS need ON need.id = link.need_id
    WHERE service.place_id = near.id AND service.state = 'published'
      AND need.code = ANY(%(needs)s::text[])))
)
"""

PAGE = "SELECT id, distance, count(*) OVER () FROM found ORDER BY distance, id LIMIT 20"

COUNTS = """
SELECT term.vocabulary, term.code, link.places FROM (
  SELECT link.term_id, count(DISTINCT found.id) AS places FROM found
  JOIN directory_service AS service ON service.place_id = found.id AND service.state = 'published'
  JOIN directory_serviceterm AS link ON link.service_id = service.id GROUP BY 1
  UNION ALL
  SELECT link.term_id, count(*) FROM found
  JOIN directory_place_terms AS link ON link.place_id = found.id GROUP BY 1
) AS link JOIN directory_term AS term ON term.id = link.term_id
UNION ALL
SELECT 'need', need.code, count(DISTINCT found.id) FROM found
JOIN directory_service AS service ON service.place_id = found.id AND service.state = 'published'
JOIN directory_serviceneed AS link ON link.service_id = service.id
JOIN directory_need AS need ON need.id = link.need_id GROUP BY 2
UNION ALL
SELECT 'department', commune.department_id, count(*) FROM found
JOIN directory_commune AS commune ON commune.code = found.commune_id GROUP BY 2
"""


def search(criteria: Criteria) -> tuple[list[Any], list[Any]]:
    """Return the rows of the first page and those of the counts; `criteria` must have a point."""
    if criteria.point is None:
        raise ValueError("The bare search needs a point.")
    south, west, north, east = bounding_box(criteria.point, criteria.radius)
    values = {
        "diameter": 2 * EARTH_RADIUS_KM,
        "latitude": criteria.point[0],
        "longitude": criteria.point[1],
        "radius": criteria.radius,
        "south": south,
        "west": west,
        "north": north,
        "east": east,
        "needs": sorted(criteria.accepted_needs) or None,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{FOUND} {PAGE}", values)
        page = cursor.fetchall()
        cursor.execute(f"{FOUND} {COUNTS}", values)
        return page, cursor.fetchall()
