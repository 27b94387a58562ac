"""Many submissions, spread by whatever runs functions somewhere: here Dask, on two workers of this machine."""

from distributed import Client, LocalCluster

from backproof import check_many

from .test_examining import RIGHT, WRONG, written


def test_dask_spreads_submissions(tmp_path):
    targets = [written(tmp_path, text, f"{name}.py") for name, text in (("right", RIGHT), ("wrong", WRONG))]
    local = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(**local) as cluster, Client(cluster) as client, client.get_executor() as executor:
        reports = check_many([*targets, targets[0]], executor)
    assert [report.overall for report in reports] == ["ok", "wrong", "ok"]
    assert [report.target for report in reports] == [*targets, targets[0]]
