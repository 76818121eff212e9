"""What operators' figures are told apart by."""

from prometheus_client import REGISTRY

from partnercrm.web import metrics


def test_methods_that_callers_make_up_are_one_figure() -> None:
    for method in ("BREW", "X" * 5000):
        metrics.observe(method, "made-up", 405, 0.01)

    labels = [sample.labels for metric in REGISTRY.collect() for sample in metric.samples]
    assert {each["method"] for each in labels if each.get("endpoint") == "made-up"} == {"other"}
