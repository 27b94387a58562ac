import gzip
import sys
import tracemalloc

import numpy as np
import pytest

from backproof.data import Dataset, digits, load, mnist, read_idx, split
from backproof.errors import CannotRun

PICTURES = np.arange(5 * 3 * 2, dtype=np.uint8).reshape(5, 3, 2) * 8
LABELS = np.array([3, 0, 9, 1, 1], np.uint8)


def idx(array):
    return bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


FILES = {
    "train-images-idx3-ubyte": idx(PICTURES),
    "train-labels-idx1-ubyte": idx(LABELS),
    "t10k-images-idx3-ubyte": idx(PICTURES[:2]),
    "t10k-labels-idx1-ubyte": idx(LABELS[:2]),
}


def write(folder, files, name=str, packed=bytes):
    for file, content in files.items():
        (folder / name(file)).write_bytes(packed(content))
    return folder


def refusal(action, *arguments):
    with pytest.raises(CannotRun) as caught:
        action(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("sign", ["-", "."])
def test_the_files_of_mnist(tmp_path, packed, ending, sign):
    """What a file is is seen from its first bytes, since some programs unpack it and leave its name."""
    training, test = load(write(tmp_path, FILES, lambda name: name.replace("-idx", f"{sign}idx") + ending, packed))
    assert training.x.shape == (6, 5)
    np.testing.assert_array_equal(training.x[:, 1], np.array([6, 7, 8, 9, 10, 11]) * 8 / 255)
    assert training.labels.tolist() == LABELS.tolist()
    np.testing.assert_array_equal(training.y, np.eye(10)[LABELS].T)
    assert (len(training), len(test), test.x.shape, test.y.shape) == (5, 2, (6, 2), (10, 2))


def test_a_folder_may_be_given_by_its_name(tmp_path):
    assert len(load(str(write(tmp_path, FILES)))[0]) == 5


def test_the_examples_one_by_one(tmp_path):
    training, _ = mnist(write(tmp_path, FILES))
    pairs = training.pairs()
    assert [(x.shape, y.shape) for x, y in pairs] == [((6, 1), (10, 1))] * 5
    assert [int(np.argmax(y)) for _, y in pairs] == LABELS.tolist()
    np.testing.assert_array_equal(np.hstack([x for x, _ in pairs]), training.x)


def test_pixels_are_from_0_to_1(tmp_path):
    path = tmp_path / "some"
    path.write_bytes(idx(np.array([[[0, 255]]], np.uint8)))
    assert read_idx(path, 3).tolist() == [[[0, 255]]]
    training, _ = mnist(write(tmp_path, {**FILES, "train-images-idx3-ubyte": idx(PICTURES // 8 * 8 + 7)}))
    assert 0 <= training.x.min() < training.x.max() <= 1


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no IDX file of bytes in 3 dimensions: it begins with b''"),
        (b"\0\0\x08", "is no IDX file"),
        (b"<html><body>404", "is no IDX file of bytes in 3 dimensions: it begins with b'<htm'"),
        (idx(LABELS), "is no IDX file of bytes in 3 dimensions"),
        (b"\0\0\x0d\x03" + idx(PICTURES)[4:], "is no IDX file of bytes"),
        (idx(PICTURES)[:4], "ends within its header"),
        (idx(PICTURES)[:15], "ends within its header"),
        (idx(PICTURES)[:16], "its header says 5x3x2, which is 30 bytes, but it has 0"),
        (idx(PICTURES)[:-1], "its header says 5x3x2, which is 30 bytes, but it has 29"),
        (idx(PICTURES) + b"\0", "its header says 5x3x2, which is 30 bytes, but it has more"),
        (idx(PICTURES[:0]), "is empty: its header says 0x3x2"),
        (idx(PICTURES[:, :0]), "is empty: its header says 5x0x2"),
        (b"\0\0\x08\x03" + b"\xff" * 12 + b"\0" * 9, "its header says 4294967295x4294967295x4294967295, which is"),
    ],
)
def test_a_malformed_file_is_refused_by_its_name(tmp_path, packed, content, message):
    path = tmp_path / "train-images-idx3-ubyte"
    write(tmp_path, {**FILES, path.name: content}, packed=packed)
    said = refusal(load, tmp_path)
    assert said.startswith(str(path))
    assert message in said


def test_a_header_that_lies_costs_no_memory(tmp_path):
    path = tmp_path / "huge"
    many, one = (b"\0\0\x08\x03" + number.to_bytes(4) * 3 for number in (60_000, 1))
    for content in (many + b"\0", gzip.compress(many + b"\0"), gzip.compress(one + b"\0" * 2**25)):
        path.write_bytes(content)
        tracemalloc.start()
        refusal(read_idx, path, 3)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 2**23


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda packed: packed[:-9],
        lambda packed: packed[: len(packed) // 2],
        lambda packed: packed[:5],
        lambda packed: packed[:10] + b"\xff" * 8 + packed[18:],
        lambda packed: packed[:-8] + b"\0\0\0\0" + packed[-4:],
        lambda packed: packed + b"more",
    ],
)
def test_a_broken_gzip_is_refused_by_its_name(tmp_path, spoiled):
    path = tmp_path / "t10k-labels-idx1-ubyte"
    write(tmp_path, {**FILES, path.name: spoiled(gzip.compress(FILES[path.name]))})
    assert refusal(load, tmp_path).startswith(f"{path}: broken gzip: ")


def test_as_many_labels_as_pictures(tmp_path):
    write(tmp_path, {**FILES, "train-labels-idx1-ubyte": idx(LABELS[:4])})
    images, labels = tmp_path / "train-images-idx3-ubyte", tmp_path / "train-labels-idx1-ubyte"
    assert refusal(load, tmp_path) == f"{images} has 5 pictures, {labels} has 4 labels"


def test_pictures_of_one_size(tmp_path):
    write(tmp_path, {**FILES, "t10k-images-idx3-ubyte": idx(PICTURES[:2, :2])})
    assert refusal(load, tmp_path) == f"{tmp_path}: examples of 6 inputs for training, of 4 for the test"


def test_any_number_of_classes_from_the_least_label_to_the_largest(tmp_path):
    """The letters of EMNIST are 1 to 26."""
    letters = np.array([1, 26, 3, 4, 5], np.uint8)
    files = {**FILES, "train-labels-idx1-ubyte": idx(letters), "t10k-labels-idx1-ubyte": idx(letters[2:4])}
    training, test = load(write(tmp_path, files))
    assert (training.y.shape, test.y.shape) == ((26, 5), (26, 2))
    assert (training.labels.tolist(), test.labels.tolist()) == ([0, 25, 2, 3, 4], [2, 3])
    assert training.names == tuple(map(str, range(1, 27)))


def test_the_files_have_any_names(tmp_path):
    def name(file):
        return f"emnist-letters-{file.replace('t10k', 'test').replace('-ubyte', '')}.bin"

    training, test = load(write(tmp_path, FILES, name, gzip.compress))
    assert (len(training), len(test)) == (5, 2)
    (tmp_path / "emnist-digits-train-images").write_bytes(FILES["train-images-idx3-ubyte"])
    said = refusal(load, tmp_path)
    assert said.startswith(f"{tmp_path}, which of emnist-digits-train-images, emnist-letters-train-images-idx3")
    assert said.endswith(" is the IDX file of pictures with train in its name?")


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named(tmp_path, missing):
    write(tmp_path, {name: content for name, content in FILES.items() if name != missing})
    what, part = "pictures" if "images" in missing else "labels", "train" if "train" in missing else "t10k or test"
    assert refusal(load, tmp_path) == f"{tmp_path} has no IDX file of {what} with {part} in its name"


ROWS = ["5.1,3.5,a", "4.9,3.0,b", "6.2,2.9,a", "5.0,3.1,b", "7.1,3.0,a"]


@pytest.mark.parametrize("head", [[], ["length,width,species"]], ids=["no head", "head"])
@pytest.mark.parametrize("first", [False, True])
def test_a_table_has_its_labels_first_or_last(tmp_path, head, first):
    turned = [",".join([row[-1], *row.split(",")[:-1]]) if first else row for row in ROWS]
    names = ["species,length,width"] if head and first else head
    path = tmp_path / "iris.csv"
    path.write_text("\n".join([*names, *turned]) + "\n")
    training, test = load(path)
    assert (training.x.shape, test.x.shape) == ((2, 4), (2, 1))
    assert training.names == ("a", "b")
    whole = np.hstack([training.x, test.x])
    np.testing.assert_allclose(whole.mean(axis=1), 0, atol=1e-12)  # lengths are taken by their distance from the mean
    np.testing.assert_allclose(whole.std(axis=1), 1)


def test_tables_of_pixels(tmp_path):
    """As MNIST is handed around: the label first, then the pixels as bytes."""
    for part, count in (("train", 8), ("test", 3)):
        rows = [",".join(map(str, [place % 4, 0, place, 255])) for place in range(count)]
        (tmp_path / f"mnist_{part}.csv").write_text("\n".join(["label,1x1,1x2,1x3", *rows]))
    training, test = load(tmp_path)
    assert (training.x.shape, test.x.shape, training.y.shape) == ((3, 8), (3, 3), (4, 8))
    assert training.x[:, 2].tolist() == [0, 2 / 255, 1]
    assert test.labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", " is empty"),
        ("1,2\n", " has 1 rows of 2 columns"),
        ("1,2,0\n1,x,1\n", ":2: column 2 is 'x', which is no number"),
        ("1,2,a\n1,2\n", ":2: 2 columns, where the first row has 3"),
        ("0.5,2,a\n0.5,nan,b\n", ":2: an entry is not finite"),
        ("0.5,2,a\n0.5,3,a\n", ": there is one class only, a"),
        ("0.5,2,0\n0.5,3,99999\n", ": labels from 0 to 99999 are too many classes: 10000 at most"),
        ("0.5,2,0\n0.5,3,1\n", ": to hold out 0.2 of 2 examples leaves nothing to learn from or to test"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_line(tmp_path, text, said):
    path = tmp_path / "some.csv"
    path.write_text(text)
    assert refusal(load, path) == f"{path}{said}"


def test_arrays(tmp_path):
    x, y = np.arange(24, dtype=np.uint8).reshape(6, 2, 2), np.array([2, 0, 1, 2, 1, 0])
    np.savez(tmp_path / "mnist.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    training, test = load(tmp_path / "mnist.npz")
    assert (training.x.shape, test.y.shape, test.labels.tolist()) == ((4, 6), (3, 2), [2, 0])
    folder = tmp_path / "arrays"
    folder.mkdir()
    np.save(folder / "X.npy", x)
    np.save(folder / "y.npy", np.eye(3)[y])
    training, test = load(folder)
    assert (len(training), len(test), training.y.shape[0]) == (5, 1, 3)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"a": np.ones(2)}, "has the arrays a, and of x_train/y_train"),
        ({"x": np.ones((3, 2)), "y": np.ones(2)}, "x of shape (3, 2) and y of shape (2,): an example is a row"),
        ({"x": np.full((3, 2), np.nan), "y": np.ones(3)}, "x has entries that are no finite numbers"),
        ({"x": np.ones((3, 2)), "y": np.array([0, 0.5, 1])}, "y has labels that are no whole numbers, such as 0.5"),
        ({"x": np.array([[print], [None]]), "y": np.ones(2)}, "is no file of arrays"),
    ],
)
def test_what_is_wrong_with_arrays_is_said(tmp_path, kept, said):
    path = tmp_path / "some.npz"
    np.savez(path, **kept)
    assert said in refusal(load, path)


def test_no_such_folder(tmp_path):
    where = tmp_path / "nowhere"
    assert refusal(load, where) == f"no folder {where}, and no file: data are digits, or a file or folder of examples"


def test_what_cannot_be_read(tmp_path):
    assert refusal(read_idx, tmp_path, 3) == f"cannot read {tmp_path}: is a directory"
    where = tmp_path / ("long" * 100)
    assert refusal(load, where) == f"cannot read {where}: file name too long"


def test_the_digits_of_scikit_learn():
    data = digits()
    assert (data.x.shape, data.y.shape, data.labels.shape) == ((64, 1797), (10, 1797), (1797,))
    assert (data.x.min(), data.x.max()) == (0, 1)
    np.testing.assert_array_equal(data.y.argmax(axis=0), data.labels)
    np.testing.assert_array_equal(data.y.sum(axis=0), 1)
    training, test = load("digits")
    assert (len(training), len(test)) == (1438, 359)


def test_without_scikit_learn_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert refusal(load, "digits") == "the digits come with scikit-learn: pip install 'backproof[data]'"


def some(number):
    labels = np.arange(number) % 10
    return Dataset(np.arange(2.0 * number).reshape(2, number), np.eye(10)[:, labels], labels)


def test_a_split_parts_the_examples():
    training, test = split(some(50), held_out=0.3, seed=4)
    assert (len(training), len(test)) == (35, 15)
    assert sorted([*training.x[0], *test.x[0]]) == list(range(50))
    for part in (training, test):
        np.testing.assert_array_equal(part.x[1] - part.x[0], 50)
        np.testing.assert_array_equal(part.x[0] % 10, part.labels)
        np.testing.assert_array_equal(part.y.argmax(axis=0), part.labels)
    np.testing.assert_array_equal(test.x, split(some(50), held_out=0.3, seed=4)[1].x)
    assert not np.array_equal(test.x, split(some(50), held_out=0.3, seed=5)[1].x)


@pytest.mark.parametrize("held_out", [0, 1, 0.001, -0.2, 2])
def test_a_split_leaves_something_on_both_sides(held_out):
    with pytest.raises(ValueError, match="of 50 examples leaves nothing"):
        split(some(50), held_out)
