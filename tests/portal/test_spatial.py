"""A dataset about a place is found on the map, whether it has a geometry or only the place's name."""

from __future__ import annotations

import json

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.municipal.portal import spatial

TRIANDRIA = "22.965,40.612,22.992,40.629"
ELSEWHERE = "23.7,37.9,23.8,38.0"
POINT = {"type": "Point", "coordinates": [22.97, 40.62]}


def document(**dataset):
    return {"entity_type": "package", "validated_data_dict": json.dumps(dataset)}


def indexed(**dataset):
    return json.loads(spatial.placed(document(**dataset)).get("spatial", "null"))


@pytest.mark.usefixtures("with_plugins")
class TestIndexed:
    """What is put into the search index for a dataset's places."""

    def test_a_geometry_is_taken_as_it_is(self):
        area = {"type": "Polygon", "coordinates": [[[22, 40], [23, 40], [23, 41], [22, 40]]]}
        assert indexed(spatial_coverage=[{"geom": json.dumps(area)}]) == area

    def test_a_point_gets_an_area_for_boxes_are_compared_by_it(self):
        assert indexed(spatial_coverage=[{"geom": json.dumps(POINT)}])["type"] == "Polygon"

    def test_a_name_becomes_the_place_s_rectangle(self):
        assert indexed(spatial_coverage=[{"text": "τριανδρια"}])["type"] == "Polygon"

    def test_several_places_are_one_geometry(self):
        both = indexed(spatial_coverage=[{"text": "Τριανδρία"}, {"geom": json.dumps(POINT)}])
        assert [g["type"] for g in both["geometries"]] == ["Polygon", "Point"]

    def test_a_place_named_in_the_plain_field_is_resolved(self):
        found = spatial.placed(
            {**document(), "spatial": "Triandria", "extras_spatial": "Triandria"}
        )
        assert json.loads(found["extras_spatial"])["type"] == "Polygon"

    @pytest.mark.parametrize("value", ["Atlantis", "{", "[]", '{"type": "Point"}', "{}"])
    def test_what_is_no_place_is_left_out(self, value):
        found = spatial.placed({**document(), "spatial": value, "extras_spatial": value})
        assert "spatial" not in found
        assert "extras_spatial" not in found


@pytest.mark.usefixtures("fresh_site")
def test_a_box_finds_what_lies_in_it_and_nothing_else(app):
    factories.Dataset(title="Μέσα", name="inside", spatial_coverage=[{"text": "Τριανδρία"}])
    far = {"type": "Point", "coordinates": [25.14, 35.33]}
    factories.Dataset(title="Έξω", name="outside", spatial_coverage=[{"geom": json.dumps(far)}])
    factories.Dataset(title="Πουθενά", name="nowhere")
    here = [{"centroid": json.dumps(POINT)}]
    factories.Dataset(title="Σημείο", name="point", spatial_coverage=here)
    search = tk.get_action("package_search")
    found = search({}, {"ext_bbox": TRIANDRIA})
    assert {d["name"] for d in found["results"]} == {"point", "inside"}
    assert search({}, {"ext_bbox": ELSEWHERE})["count"] == 0
    assert search({}, {"q": "μεσα", "ext_bbox": TRIANDRIA})["count"] == 1
    for wrong in (
        "a,b,c,d",
        "1,2,3",
        "",
        ",,,",
        "nan,nan,nan,nan",
        "1e400,0,0,0",
        "-1e300,0,0,0",
        "0,0,1e300,0",
        "-inf,0,inf,1",
    ):
        assert app.get("/dataset/", query_string={"ext_bbox": wrong}).status_code < 500, wrong
    page = app.get("/dataset/", query_string={"ext_bbox": TRIANDRIA}).body
    assert "/dataset/inside" in page
    assert "/dataset/outside" not in page


@pytest.mark.usefixtures("fresh_site")
def test_maps_ask_no_other_host_for_their_base(app):
    factories.Dataset(name="trees", spatial_coverage=[{"text": "Τριανδρία"}])
    for url in ("/dataset/", "/dataset/trees"):
        page = app.get(url).body
        assert "dataset-map" in page, url
        assert "tile.openstreetmap" not in page, url
        assert "stamen" not in page.lower(), url


def test_an_operator_s_tile_server_is_used(fresh_site, app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.spatial.common_map.type", "custom")
    monkeypatch.setitem(
        ckan_config, "ckanext.spatial.common_map.custom.url", "https://tiles.example"
    )
    assert "tiles.example" in app.get("/dataset/").body
