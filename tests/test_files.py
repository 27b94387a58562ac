"""Files are written together or not at all."""

import pytest

from backproof.errors import CannotRun
from backproof.files import together


def test_all_files_take_their_places(tmp_path):
    paths = [tmp_path / "new" / name for name in ("a", "b")]
    with together(paths) as drafts:
        for draft in drafts:
            draft.write_text(draft.name, encoding="utf-8")
        assert not any(path.exists() for path in paths)
    assert [path.read_text(encoding="utf-8") for path in paths] == ["a", "b"]
    assert sorted((tmp_path / "new").iterdir()) == paths


def stopped_half_way(paths):
    with together(paths) as drafts:
        drafts[0].write_text("new", encoding="utf-8")
        raise ValueError("half way")


def test_a_failure_leaves_what_was_there(tmp_path):
    paths = [tmp_path / name for name in ("a", "b")]
    paths[0].write_text("old", encoding="utf-8")
    with pytest.raises(ValueError, match="half way"):
        stopped_half_way(paths)
    assert paths[0].read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == paths[:1]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match=r"cannot write to .*file"), together([tmp_path / "file" / "below"]):
        pass
