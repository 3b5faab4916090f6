"""The score is that of the European table: compared with an independent reading, record by record."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_records import DATASET, EU, IANA, NEWER_OPEN, Vocabularies, independent, record

from ckanext.municipal.quality.score import fixes as fixing
from ckanext.municipal.quality.score import lists, readings
from ckanext.municipal.quality.score.facts import Facts, facts
from ckanext.municipal.quality.score.judging import Judged, Link, State, judge
from ckanext.municipal.quality.score.metrics import (
    FROM,
    METRICS,
    MOST,
    TOTAL,
    Band,
    Dimension,
    Of,
    band,
    next_band,
)
from ckanext.municipal.quality.score.points import counted, score
from ckanext.municipal.quality.score.stars import Open, stars

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 200
_HEAD = (
    "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> ."
    f" @prefix d: <{DATASET}/resource/> . @prefix eu: <{EU}file-type/> ."
    f" @prefix iana: <{IANA}text/> . @prefix licence: <{EU}licence/> . <{DATASET}> a dcat:Dataset . "
)


@pytest.fixture(scope="module")
def known(shared: Path) -> Vocabularies:
    return Vocabularies(shared / "shapes" / "mqa")


def facts_of(graph: rdflib.Graph, *, conforms: bool = True) -> Facts:
    data = graph.serialize(format="nt").encode()
    statements = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return facts(statements, str(DATASET), lists.load(), conforms=conforms)  # type: ignore[arg-type]


def of_turtle(text: str, links: dict[str, Link] | None = None, *, conforms: bool = True) -> Judged:
    return judge(facts_of(rdflib.Graph().parse(data=_HEAD + text), conforms=conforms), links or {})


# --- The table -----------------------------------------------------------------------------------


def test_points_are_those_of_the_vocabulary(known: Vocabularies):
    assert {metric.id: metric.points for metric in METRICS.values()} == known.points
    assert (len(METRICS), TOTAL) == (23, 405)
    assert MOST == {"findability": 100, "accessibility": 100, "interoperability": 110} | {
        "reusability": 75,
        "contextuality": 20,
    }


def test_dimensions_are_those_of_the_vocabulary(shared: Path):
    graph = rdflib.Graph().parse(shared / "shapes" / "mqa" / "piveau-dqv-vocabulary.ttl")
    dqv, pv = "http://www.w3.org/ns/dqv#", "https://piveau.eu/ns/voc#"
    told = graph.subject_objects(rdflib.URIRef(dqv + "inDimension"))
    dimensions = {str(metric): str(dimension) for metric, dimension in told}
    for metric in METRICS.values():  # the vocabulary misspells one of them
        found = dimensions[pv + metric.id].replace("reusablity", "reusability")
        assert found == pv + metric.dimension


def test_lists_are_those_of_the_vocabularies(known: Vocabularies):
    ours = lists.load()
    assert {EU + "file-type/" + code for code in ours.machine_interpretable} == known.read
    assert {EU + "file-type/" + code for code in ours.non_proprietary} == known.open
    assert len(known.open - NEWER_OPEN) == 29
    missing = {each for each in known.types if not ours.file_type(each)}
    assert missing == {EU + "file-type/OP_DATPRO"}  # “provisional data” is no file type
    assert all(lists.is_access_right(each) for each in known.rights)
    unknown = {each for each in known.licences if not ours.knows_licence(each)}
    assert unknown == {EU + "licence/OP_DATPRO"}


def test_every_format_and_licence_that_the_form_offers_is_known_to_the_lists():
    ours, folder = lists.load(), ROOT / "schemas" / "vocabularies"
    with (folder / "file-type.csv").open(encoding="utf-8") as file:
        assert [row["uri"] for row in csv.DictReader(file) if not ours.file_type(row["uri"])] == []
    with (folder / "licence.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["uri"] for row in rows if not ours.knows_licence(row["uri"])] == []


def test_bands_begin_and_end_where_the_methodology_says():
    edges = [0, 120, 121, 220, 221, 350, 351, 405]
    expected = [each for each in Band for _ in range(2)]
    assert [band(points) for points in edges] == expected


def test_next_band_is_the_one_above():
    assert [next_band(points) for points in (0, 121, 350, 351)] == [
        *(Band.SUFFICIENT, Band.GOOD, Band.EXCELLENT),
        None,
    ]


# --- The same as an independent reading ----------------------------------------------------------


def test_records_score_as_an_independent_reading_of_the_table_scores_them(known: Vocabularies):
    different, seen = [], set()
    for seed in range(RECORDS):
        graph, links, conforms = record(seed)
        points, dataset, parts = independent(graph, links, conforms, known)
        judged = judge(facts_of(graph, conforms=conforms), links)
        met = [
            {name for name, state in states.items() if state is State.MET}
            for states in judged.distributions
        ]
        own = {
            n for n, s in judged.dataset.items() if s is State.MET and METRICS[n].of is Of.DATASET
        }
        ours = score(judged)
        if (ours.points, own, met) != (points, dataset, parts):
            different.append(seed)
        assert sum(ours.dimensions.values()) == ours.points
        seen |= own.union(*met)
    assert different == []
    assert seen == set(METRICS), "every metric is met by one of the records"


def test_facts_that_were_kept_say_the_same():
    for seed in range(RECORDS):
        made = facts_of(record(seed)[0])
        assert Facts.from_json(made.as_json()) == made


def test_both_readings_of_a_catalogue_are_those_of_the_table(known: Vocabularies):
    judged, scores, datasets, parts = [], [], [], []
    for seed in range(RECORDS):
        graph, links, conforms = record(seed)
        points, own, met = independent(graph, links, conforms, known)
        scores.append(points)
        datasets.append(own)
        parts.extend(met)
        judged.append(judge(facts_of(graph, conforms=conforms), links))
    population = Decimal(0)
    for metric, points in known.points.items():
        of = datasets if METRICS[metric].of is Of.DATASET else parts
        population += Decimal(points) * sum(metric in met for met in of) / len(of)
    assert readings.average(score(each).points for each in judged) == Decimal(sum(scores)) / RECORDS
    tally = readings.tally(judged)
    assert abs(tally.population() - population) < Decimal("1e-20")
    assert tally.population() != readings.average(scores), "the readings give different numbers"
    assert abs(sum(readings.by_dimension(tally).values()) - population) < Decimal("1e-20")


# --- Faults that other scorers have --------------------------------------------------------------


def test_pdf_is_neither_open_nor_read_by_programs():
    [states] = of_turtle(
        f"<{DATASET}> dcat:distribution d:1 . d:1 dct:format eu:PDF ."
    ).distributions
    assert states["formatMediaTypeMachineInterpretable"] is State.UNMET
    assert states["formatMediaTypeNonProprietary"] is State.UNMET


def test_not_every_file_type_is_read_by_programs():
    ours = lists.load()
    assert len(ours.machine_interpretable) == 20 < len(ours.non_proprietary) == 32 < 200
    assert len(ours.file_types) > 200


def test_conformance_and_access_rights_are_measured_and_not_taken_for_granted():
    judged = of_turtle("", conforms=False)
    assert judged.dataset["dcatApCompliance"] is State.UNMET
    assert judged.dataset["accessRightsAvailability"] is State.UNMET


def test_rights_of_the_dataset_do_not_count_for_its_files():
    [states] = of_turtle(f"<{DATASET}> dct:rights <urn:r> ; dcat:distribution d:1 .").distributions
    assert states["rightsAvailability"] is State.UNMET


def test_format_has_its_own_20_points_and_no_more():
    assert METRICS["formatAvailability"].points == 20


def test_dates_are_those_of_the_file_and_of_the_dataset_only_where_it_has_none():
    dates = f'<{DATASET}> dct:issued "2024" ; dct:modified "2024" .'
    alone = score(of_turtle(dates))
    assert alone.dimensions[Dimension.CONTEXTUALITY] == 10
    with_file = score(of_turtle(dates + f"<{DATASET}> dcat:distribution d:1 ."))
    assert with_file.dimensions[Dimension.CONTEXTUALITY] == 0


def test_all_addresses_are_looked_at_and_one_that_answers_is_enough():
    text = f"<{DATASET}> dcat:distribution d:1 . d:1 dcat:accessURL <urn:a>, <urn:b> ."
    links = {"urn:a": Link.BROKEN, "urn:b": Link.OK}
    [states] = of_turtle(text, links).distributions
    assert states["accessUrlStatusCode"] is State.MET


def test_the_best_distribution_is_one_and_its_points_are_not_mixed_with_another_s():
    text = (
        f"<{DATASET}> dcat:distribution d:1, d:2 . d:1 dct:format eu:CSV ."
        " d:2 dct:license licence:CC0 ."
    )
    judged = of_turtle(text, conforms=False)
    assert score(judged).points == 60  # CSV: 20 + 20 + 20; the licence alone would be 30
    assert score(judged).best == 0


# --- What is not known, and what does not apply --------------------------------------------------


def test_a_link_that_was_not_checked_is_not_known_and_not_lost():
    text = f"<{DATASET}> dcat:distribution d:1 . d:1 dcat:accessURL <urn:a> ; dcat:downloadURL <urn:b> ."
    judged = of_turtle(text)
    assert judged.distributions[0]["accessUrlStatusCode"] is State.UNKNOWN
    assert (score(judged).unknown, score(judged).dimensions["accessibility"]) == (80, 20)  # type: ignore[index]
    assert not {"access-link", "download-link"} & {each.kind.id for each in fixing.fixes(judged)}
    checked = of_turtle(text, {"urn:a": Link.OK, "urn:b": Link.BROKEN})
    assert (score(checked).unknown, score(checked).dimensions["accessibility"]) == (0, 70)  # type: ignore[index]


def test_an_address_that_answers_get_and_not_head_has_no_points_in_brussels():
    text = f"<{DATASET}> dcat:distribution d:1 . d:1 dcat:accessURL <urn:a> ."
    [states] = of_turtle(text, {"urn:a": Link.NO_HEAD}).distributions
    assert states["accessUrlStatusCode"] is State.UNMET


def test_a_service_has_no_file_and_nobody_is_asked_for_its_size():
    text = f"<{DATASET}> dcat:distribution d:1 . d:1 dct:format eu:WMS_SRVC ."
    judged = of_turtle(text)
    [states] = judged.distributions
    for name in ("downloadUrlAvailability", "downloadUrlStatusCode", "byteSizeAvailability"):
        assert states[name] is State.NOT_APPLICABLE
    assert score(judged).attainable == 405 - 20 - 30 - 5
    assert not {"download-url", "size"} & {each.kind.id for each in fixing.fixes(judged)}


# --- What to mend --------------------------------------------------------------------------------


def test_every_metric_has_a_mending_and_every_mending_a_metric():
    used = {metric.fix for metric in METRICS.values()}
    assert used | {"resource"} == set(fixing.KINDS)


def test_mending_everything_reaches_all_that_can_be_reached():
    for seed in range(RECORDS):
        graph, links, conforms = record(seed)
        judged = judge(facts_of(graph, conforms=conforms), links)
        found = fixing.fixes(judged)
        after = fixing.mended(judged, [each.kind.id for each in found])[0]
        left = counted(after, score(after).best)
        assert State.UNMET not in left.values(), seed
        assert score(after).points + score(after).unknown == score(after).attainable


def test_the_gain_of_a_mending_is_what_the_score_rises_by():
    for seed in range(RECORDS):
        graph, links, conforms = record(seed)
        judged = judge(facts_of(graph, conforms=conforms), links)
        found = fixing.fixes(judged)
        gains = [each.gain for each in found]
        assert gains == sorted(gains, reverse=True)
        for each in found:
            assert each.gain >= 0
            after = fixing.mended(judged, [each.kind.id])[0]
            assert score(after).points == score(judged).points + each.gain


def test_a_missing_licence_is_one_mending_worth_thirty_points():
    found = {f.kind.id: f for f in fixing.fixes(of_turtle(f"<{DATASET}> dcat:distribution d:1 ."))}
    assert found["licence"].gain == 30
    assert found["licence"].metrics == ("licenceAvailability", "knownLicence")
    assert "licence-list" not in found
    told = of_turtle(f"<{DATASET}> dcat:distribution d:1 . d:1 dct:license <urn:own> .")
    found = {fix.kind.id: fix for fix in fixing.fixes(told)}
    assert found["licence-list"].gain == 10
    assert "licence" not in found


def test_a_dataset_without_a_file_is_told_to_add_one_and_nothing_about_files():
    found = fixing.fixes(of_turtle(""))
    assert found[0].kind.id == "resource"
    assert not [each for each in found if each.kind.of_resource]


def test_the_way_to_the_next_band_is_the_cheapest_of_all():
    checked = 0
    for seed in range(60):
        graph, links, conforms = record(seed)
        judged = judge(facts_of(graph, conforms=conforms), links)
        found = fixing.fixes(judged)
        way = fixing.way(judged, found)
        if way is None:
            continue
        checked += 1
        assert way.points >= FROM[way.band] > score(judged).points
        effort = sum(each.kind.effort for each in way.fixes)
        for one in found:  # none alone is cheaper, and none of its own can be left out
            after = fixing.mended(judged, [one.kind.id])[0]
            if score(after).points >= FROM[way.band]:
                assert one.kind.effort >= effort
        for left_out in way.fixes:
            rest = [each.kind.id for each in way.fixes if each is not left_out]
            assert score(fixing.mended(judged, rest)[0]).points < FROM[way.band]
    assert checked > 30


# --- Stars ---------------------------------------------------------------------------------------

_OPEN = Open(
    frozenset({EU + "licence/CC0"}), frozenset({"CSV", "XLSX", "RDF_TURTLE"}), frozenset({"CSV"})
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("dct:format eu:CSV", 0),
        ("dct:license licence:CC0", 1),
        ("dct:license licence:CC0 ; dct:format eu:PDF", 1),
        ("dct:license licence:CC0 ; dct:format eu:XLSX", 2),
        ("dct:license licence:CC0 ; dct:format eu:CSV", 3),
        ("dct:license licence:CC0 ; dct:format eu:RDF_TURTLE", 4),
        ("dct:license licence:CC_BYNC_4_0 ; dct:format eu:CSV", 0),
        ("dct:license licence:CC0 ; dct:format eu:CSV ; dcat:accessURL <urn:gone>", 0),
    ],
)
def test_stars_rise_with_licence_and_format(said: str, expected: int):
    told = facts_of(
        rdflib.Graph().parse(data=_HEAD + f"<{DATASET}> dcat:distribution d:1 . d:1 {said} .")
    )
    assert stars(told, {"urn:gone": Link.BROKEN}, _OPEN) == expected


def test_stars_do_not_apply_where_there_is_no_file():
    assert stars(facts_of(rdflib.Graph()), {}, _OPEN) is None


@given(st.integers(0, 10_000_000))
@settings(max_examples=300)
def test_any_record_has_a_score_within_its_bounds(seed: int):
    graph, links, conforms = record(seed)
    told = score(judge(facts_of(graph, conforms=conforms), links))
    assert 0 <= told.points <= told.points + told.unknown <= told.attainable <= TOTAL
    assert all(0 <= points <= MOST[name] for name, points in told.dimensions.items())
