"""Time the image branch against what else one would run: `python -m benchmarks.vision`.

On one thread, in one run: photos of 1000x1333 decoded, shrunk and answered one by one and in
batches, held against (a) the same network through `keras.Model.predict`, (b) the image tower of a
CLIP ViT-B/32 with random weights on the same runtime (what a zero-shot model would cost), (c) the
bare runtime on a ready tensor (the limit). (a) needs `--model`, a checkpoint of a training run.
Large photos are made, as heavy as a phone's; real ones come from the tables under `--var`, in
batches of each source, where there are any.
The rounds of all alternate, so that a busy machine slows them alike; medians are printed.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image, ImageFilter

from data.cli import run
from data.errors import InvalidTable

SIZE = (1000, 1333)  # of a photo as shops ask for it
SMALL = (240, 320)  # of most photos in the catalogue and the sellers' set
BATCH = 16
ROUNDS = 20
# CLIP ViT-B/32 (Radford et al. 2021, arXiv 2103.00020): image tower.
TOWER = {"side": 224, "patch": 32, "width": 768, "heads": 12, "layers": 12, "out": 512}


@click.command("benchmarks.vision")
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Checkpoint (.keras) of the same network, for comparison (a).",
)
@click.option(
    "--var",
    type=click.Path(path_type=Path),
    default=Path("var"),
    show_default=True,
    help="Imported tables, whose photos are timed in batches too.",
)
def command(model: Path | None, var: Path) -> None:
    """Print latencies, rates and their ratios; one thread."""
    from vision.preprocess import to_pixels
    from vision.tagger import ImageTagger, open_session

    tagger = ImageTagger.load(threads=1)
    photos = [made_photo(seed, SIZE) for seed in range(BATCH)]
    small = [made_photo(seed, SMALL) for seed in range(BATCH)]
    pixels = np.stack([to_pixels(photo) for photo in photos])
    tower, ready = open_session(tower_graph(), threads=1), tower_input()
    timed: dict[str, Callable[[], Any]] = {
        "single": lambda: tagger.predict(photos[:1]),
        "decode": lambda: to_pixels(photos[0]),
        "tower": lambda: tower.run(None, {"photo": ready}),
        "bare single": lambda: tagger.maps(pixels[:1]),
        "batch": lambda: tagger.predict(photos),
        "small": lambda: tagger.predict(small),
        "pixels": lambda: tagger.predict_pixels(pixels),
        "bare batch": lambda: tagger.maps(pixels),
    }
    real = real_photos(var)
    for label, own in real.items():
        timed[label] = partial(tagger.predict, own)
    if model:
        timed["keras"] = keras_predict(model, pixels[:1])
    took = medians(timed)
    for line in lines(took, list(real)):
        click.echo(line)


def real_photos(var: Path) -> dict[str, list[bytes]]:
    """Return BATCH photos of each source under `var`, by a label that tells how heavy they are.

    Drawn from those of full size; none, saying so, where no table is.
    """
    from training.photos import load_photos

    try:
        photos = load_photos(var)
    except InvalidTable as error:
        click.echo(f"Only made photos are timed. {error}")
        return {}
    found = {}
    for source, rows in photos[photos["detail"] == "full"].groupby("source"):
        chosen = rows["image"].sample(BATCH, random_state=0, replace=len(rows) < BATCH)
        files = [Path(image).read_bytes() for image in chosen]
        weight = sum(map(len, files)) / len(files) / 1000
        found[f"batch of {BATCH} of {source}, {weight:.0f} kB each"] = files
    return found


def medians(timed: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return each call's median milliseconds over ROUNDS, the calls taking turns."""
    times: dict[str, list[float]] = {name: [] for name in timed}
    for number in range(ROUNDS + 1):
        for name, call in timed.items():
            began = time.perf_counter()
            call()
            if number:  # the first round warms up
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def lines(took: dict[str, float], real: list[str]) -> list[str]:
    """Put medians in milliseconds into words, with the ratios the goals ask for.

    real: names of the batches of real photos, as they are printed.
    """
    batches = ("batch", "small", *real, "pixels", "bare batch")
    rate = {name: BATCH * 1000 / took[name] for name in batches}
    share = {name: f"{rate[name] / rate['bare batch']:.0%} of (c)" for name in rate}
    large, little = ("x".join(map(str, size)) for size in (SIZE, SMALL))
    parts = f"decode and resize {took['decode']:.1f}, network {took['bare single']:.1f}"
    tower = f"ours takes 1/{took['tower'] / took['single']:.1f} of it; goal 1/8"
    rows = [
        (f"one photo of {large}, decode and network", "single", f"goal <= 15; {parts}"),
        ("(b) CLIP ViT-B/32 image tower alone", "tower", tower),
        (f"batch of {BATCH} photos of {large}", "batch", f"{share['batch']}; goal 85 %"),
        (f"batch of {BATCH} photos of {little}", "small", share["small"]),
        *((name, name, f"{share[name]}; goal 85 %") for name in real),
        (f"batch of {BATCH}, pixels ready", "pixels", share["pixels"]),
        ("(c) bare runtime on a ready tensor", "bare batch", "the limit"),
    ]
    if "keras" in took:
        times = f"{took['keras'] / took['bare single']:.1f} times the bare runtime"
        rows.append(("(a) keras.Model.predict, pixels ready", "keras", times))
    return [
        f"{label:<46}{rate[name]:7.1f} photos/s a core  ({note})"
        if name in rate
        else f"{label:<46}{took[name]:7.1f} ms               ({note})"
        for label, name, note in rows
    ]


def made_photo(seed: int, size: tuple[int, int]) -> bytes:
    """Return a JPEG as heavy as a phone's photo of this width and height."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (40, 30, 3), np.uint8))
    smooth = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.int16)
    grain = random.normal(0, 6, smooth.shape)
    photo = Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    photo.filter(ImageFilter.GaussianBlur(0.7)).save(out, "JPEG", quality=88)
    return out.getvalue()


def tower_input() -> np.ndarray:
    """Return one ready input of the tower, float32 (1, 3, 224, 224)."""
    side = TOWER["side"]
    return np.random.default_rng(0).normal(size=(1, 3, side, side)).astype(np.float32)


def keras_predict(path: Path, pixels: np.ndarray) -> Callable[[], Any]:
    """Return a call of `keras.Model.predict` on ready pixels, one thread."""
    import keras
    import tensorflow as tf

    import training.losses  # noqa: F401  registers the loss that a checkpoint names

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = keras.models.load_model(path, compile=False)
    ready = pixels.astype("float32")
    return lambda: model.predict(ready, verbose=0)


class Tower:
    """Builds the image tower as an ONNX graph, node by node, with random weights."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._random = np.random.default_rng(0)

    def node(self, kind: str, *inputs: str, **settings: Any) -> str:
        """Add a node and return its output's name."""
        from onnx import helper

        name = f"out{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def constant(self, values: np.ndarray) -> str:
        """Add given values and return their name."""
        from onnx import numpy_helper

        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def random(self, *shape: int) -> str:
        """Add small random weights and return their name."""
        return self.constant(self._random.normal(0, 0.02, shape).astype(np.float32))

    def dense(self, x: str, before: int, after: int) -> str:
        """Add a matrix product and a bias."""
        return self.node(
            "Add", self.node("MatMul", x, self.random(before, after)), self.random(after)
        )

    def norm(self, x: str) -> str:
        """Add a layer normalization."""
        width = TOWER["width"]
        return self.node("LayerNormalization", x, self.random(width), self.random(width))

    def split_heads(self, x: str, order: tuple[int, ...]) -> str:
        """Turn (1, tokens, width) into heads, their axes in `order`."""
        heads, each = TOWER["heads"], TOWER["width"] // TOWER["heads"]
        shape = self.constant(np.array([1, -1, heads, each], np.int64))
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)

    def attention(self, x: str) -> str:
        """Add self-attention over the tokens."""
        width, each = TOWER["width"], TOWER["width"] // TOWER["heads"]
        query = self.split_heads(self.dense(x, width, width), (0, 2, 1, 3))
        key = self.split_heads(self.dense(x, width, width), (0, 2, 3, 1))
        value = self.split_heads(self.dense(x, width, width), (0, 2, 1, 3))
        scale = self.constant(np.float32(each**-0.5))
        scores = self.node("Mul", self.node("MatMul", query, key), scale)
        mixed = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        whole = self.constant(np.array([1, -1, width], np.int64))
        joined = self.node("Reshape", self.node("Transpose", mixed, perm=(0, 2, 1, 3)), whole)
        return self.dense(joined, width, width)

    def block(self, x: str) -> str:
        """Add one transformer block: attention, then two dense layers with CLIP's quick GELU."""
        width = TOWER["width"]
        x = self.node("Add", x, self.attention(self.norm(x)))
        wide = self.dense(self.norm(x), width, 4 * width)
        gate = self.node("Sigmoid", self.node("Mul", wide, self.constant(np.float32(1.702))))
        return self.node("Add", x, self.dense(self.node("Mul", wide, gate), 4 * width, width))


def tower_graph() -> bytes:
    """Return the image tower as an ONNX model: input `photo`, output the embedding (1, 512)."""
    from onnx import TensorProto, helper

    tower, width, patch = Tower(), TOWER["width"], TOWER["patch"]
    tokens = (TOWER["side"] // patch) ** 2
    patches = tower.node("Conv", "photo", tower.random(width, 3, patch, patch), strides=[patch] * 2)
    flat = tower.constant(np.array([1, width, tokens], np.int64))
    x = tower.node("Transpose", tower.node("Reshape", patches, flat), perm=(0, 2, 1))
    x = tower.node("Concat", tower.random(1, 1, width), x, axis=1)
    x = tower.norm(tower.node("Add", x, tower.random(1, tokens + 1, width)))
    for _ in range(TOWER["layers"]):
        x = tower.block(x)
    first = tower.node("Gather", x, tower.constant(np.array(0, np.int64)), axis=1)
    out = tower.node("MatMul", tower.norm(first), tower.random(width, TOWER["out"]))
    photo = helper.make_tensor_value_info(
        "photo", TensorProto.FLOAT, [1, 3, TOWER["side"], TOWER["side"]]
    )
    answer = helper.make_tensor_value_info(out, TensorProto.FLOAT, [1, TOWER["out"]])
    graph = helper.make_graph(tower.nodes, "clip_image", [photo], [answer], tower.weights)
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


if __name__ == "__main__":
    run(command)
