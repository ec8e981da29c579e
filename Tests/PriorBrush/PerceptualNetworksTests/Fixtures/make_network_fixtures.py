"""Writes the values of published packages for weights and images that formulas make, and tiny weights files.

No weights are stored: the tests make the same ones from the names of the tensors.
    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install torch torchvision lpips==0.1.4 pytorch-fid==0.3.0 open_clip_torch==3.3.0 safetensors
    /tmp/venv/bin/python make_network_fixtures.py FOLDER
"""

import collections
import gzip
import json
import os
import pathlib
import pickle
import sys
from unittest import mock

import lpips
import numpy as np
import open_clip
import pytorch_fid.inception
import torch
import torchvision
from open_clip.model import CLIP
from open_clip.tokenizer import SimpleTokenizer, bytes_to_unicode
from PIL import Image

FOLDER = pathlib.Path(sys.argv[1])


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def values(name, shape):
    """The weights of `SeededTensors`: SplitMix64 keyed by the FNV-1a hash of the name, scaled by what the tensor is."""
    key = 0xCBF29CE484222325
    for byte in name.encode():
        key = ((key ^ byte) * 0x100000001B3) % 2**64
    count = int(np.prod(shape))
    places = np.arange(1, count + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        words = mix(np.uint64(key) + places * np.uint64(0x9E3779B97F4A7C15))
    u = (words >> np.uint64(40)).astype(np.float64) * 2.0**-24
    s = 2 * u - 1
    if name.startswith("lin"):
        v = u / shape[1]
    elif name.endswith("running_var"):
        v = 1 + 0.5 * s
    elif len(shape) == 1 and name.endswith(".weight"):
        v = 1 + 0.2 * s
    elif len(shape) <= 1:
        v = 0.1 * s
    elif len(shape) == 2:
        v = np.sqrt(3 / shape[1]) * s
    else:
        v = np.sqrt(6 / np.prod(shape[1:])) * s
    return torch.from_numpy(v.astype(np.float32).reshape(shape))


def fill(module, keep=lambda name: True):
    """Sets all tensors and returns the shapes of those that the tests need."""
    state = module.state_dict()
    new = {}
    for name, tensor in state.items():
        new[name] = values(name, tuple(tensor.shape)) if tensor.is_floating_point() and keep(name) else tensor
    module.load_state_dict(new)
    return {name: list(t.shape) for name, t in state.items() if t.is_floating_point() and keep(name)}


def image(width, height, seed):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    slope = x * 5 + y * 3 + c * 29 + seed * 17
    texture = (x * y + seed) % 31 * 5
    stripes = (x // 4 + y // 3 + c) % 2 * 60
    return ((slope + texture + stripes) % 256).astype(np.uint8)


def batch(width, height, seeds):
    """Values in [-1, 1], [N, 3, H, W]."""
    arrays = [image(width, height, s).astype(np.float32) / np.float32(127.5) - np.float32(1) for s in seeds]
    return torch.from_numpy(np.stack(arrays).transpose(0, 3, 1, 2).copy())


def perceptual(net, width, height):
    model = lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False)
    backbone = getattr(torchvision.models, {"alex": "alexnet", "vgg": "vgg16"}[net])(weights=None).features
    shapes = {f"features.{n}": list(t.shape) for n, t in backbone.state_dict().items()}
    backbone.load_state_dict({n: values(f"features.{n}", tuple(t.shape)) for n, t in backbone.state_dict().items()})
    copied = 0
    for name, parameter in backbone.named_parameters():
        for other_name, other in model.net.named_parameters():
            if other_name.split(".", 1)[1] == name:
                other.data.copy_(parameter.data)
                copied += 1
    assert copied == len(list(backbone.parameters()))
    for i, lin in enumerate(model.lins):
        name = f"lin{i}.model.1.weight"
        shapes[name] = list(lin.model[-1].weight.shape)
        lin.model[-1].weight.data.copy_(values(name, shapes[name]))
    model.eval()
    found = model(batch(width, height, [1, 2]), batch(width, height, [3, 2])).flatten()
    other = model(batch(width, height, [4]), batch(width, height, [5])).flatten()
    return {"net": net, "width": width, "height": height, "shapes": shapes, "distances": [float(found[0]), float(found[1]), float(other[0])]}


def inception(width, height):
    with mock.patch.object(pytorch_fid.inception, "load_state_dict_from_url", lambda *a, **k: None), mock.patch.object(
        torchvision.models.Inception3, "load_state_dict", lambda *a, **k: None
    ):
        whole = pytorch_fid.inception.fid_inception_v3()
    # The blocks of the wrapper are the layers of the network in order, so one can be filled through the other.
    with mock.patch.object(pytorch_fid.inception, "fid_inception_v3", lambda: whole):
        model = pytorch_fid.inception.InceptionV3([3])
    shapes = fill(whole, lambda name: not name.startswith("fc."))
    model.eval()
    features = model((batch(width, height, [6, 7]) + 1) / 2)[0][:, :, 0, 0].numpy().astype(np.float64)
    return {
        "width": width, "height": height, "shapes": shapes, "sums": [float(v) for v in features.sum(axis=1)],
        "squares": [float(v) for v in (features**2).sum(axis=1)], "features": [float(v) for v in features[0, ::32]],
    }  # fmt: skip


def contrastive():
    model = CLIP(
        embed_dim=48,
        vision_cfg=dict(layers=3, width=128, head_width=64, patch_size=16, image_size=48),
        text_cfg=dict(context_length=20, vocab_size=700, width=64, heads=1, layers=2),
        quick_gelu=True,
    )
    shapes = fill(model)
    model.eval()
    transform = open_clip.transform.image_transform_v2(open_clip.transform.PreprocessCfg(size=48, interpolation="bicubic"), is_train=False)
    sizes = [(48, 48), (80, 57), (33, 50), (200, 131)]
    pixels = [transform(Image.fromarray(image(w, h, 8 + i))) for i, (w, h) in enumerate(sizes)]
    texts = [[650, 3, 77, 400, 699], [650, 699], [650] + list(range(10, 28)) + [699]]
    padded = torch.tensor([t + [0] * (20 - len(t)) for t in texts])
    return {
        "shapes": shapes, "sizes": sizes, "pixelSums": [float(p.double().sum()) for p in pixels],
        "images": model.encode_image(torch.stack(pixels)).double().numpy().round(9).tolist(), "texts": texts,
        "textEmbeddings": model.encode_text(padded).double().numpy().round(9).tolist(),
    }  # fmt: skip


TRAINING = """a red circle beside the blue square and a small green triangle on white. the photo of a futuristic cityscape
at dusk with neon lights; floating islands above the water, painted in bold strokes. it isn't the dog's ball, they're
there! we'll see what you've drawn and i'd say i'm sure: 3 cats, 12 birds, the other things. naïve café über straße
"""


def tokenizer():
    """Learns merges from a text of our own, then asks the published tokenizer that is given them."""
    symbols = bytes_to_unicode()
    words = collections.Counter()
    for word in TRAINING.lower().split():
        encoded = [symbols[b] for b in word.encode()]
        encoded[-1] += "</w>"
        words[tuple(encoded)] += 1
    merges = []
    while len(merges) < 180:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(sorted(pairs), key=lambda p: pairs[p])
        merges.append(best)
        merged = collections.Counter()
        for word, count in words.items():
            parts, i = [], 0
            while i < len(word):
                if word[i : i + 2] == best:
                    parts.append(word[i] + word[i + 1])
                    i += 2
                else:
                    parts.append(word[i])
                    i += 1
            merged[tuple(parts)] += count
        words = merged
    text = "#version: 0.2\n" + "\n".join(" ".join(m) for m in merges)
    (FOLDER / "merges.txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    reference = SimpleTokenizer(str(FOLDER / "merges.txt.gz"))
    texts = [
        "a red circle", "The photo of a FUTURISTIC cityscape at dusk, with neon lights!", "it's the dog's ball; they're we'll",
        "12 birds & 3 cats", "naïve café über Straße 日本語 emoji 🎨🎨", "  spaces\tand\nlines  ", "", "!!! ... ?!",
        "tom &amp; jerry &lt;3", "½ ² ٣ Ⅷ", "a " * 90, "don’t “quote” me", "x<end_of_text>y", "snow☃man_under_score",
    ]  # fmt: skip
    return {"texts": texts, "numbers": [reference([t])[0].tolist() for t in texts], "end": reference.eot_token_id}


class Python2Dictionary:
    """Pickled like the ordered dictionary of Python 2, as in the heads that lpips ships."""

    def __init__(self, state):
        self.state = state

    def __reduce__(self):
        return collections.OrderedDict, ([[key, value] for key, value in self.state.items()],)


class Evil:
    def __reduce__(self):
        return (os.getenv, ("HOME",))


def files():
    state = collections.OrderedDict()
    base = torch.arange(24, dtype=torch.float32) / 8
    state["plain"] = base.reshape(2, 3, 4)
    state["turned"] = base.reshape(6, 4).t()
    state["part"] = base[5:9]
    state["half"] = (base[:5] - 1).half()
    state["bfloat"] = (base[:5] - 1).bfloat16()
    state["double"] = base[:3].double()
    state["count"] = torch.tensor(7)
    state["parameter"] = torch.nn.Parameter(torch.ones(2))
    state["scalar"] = torch.tensor(2.5)
    state._metadata = collections.OrderedDict(version=1)
    torch.save(state, FOLDER / "zip.pth")
    torch.save(state, FOLDER / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(Python2Dictionary(state), FOLDER / "python2.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": state}, FOLDER / "nested.pth")
    torch.save({"plain": base, "evil": Evil()}, FOLDER / "evil.pth")
    torch.save([base], FOLDER / "list.pth")
    torch.jit.script(torch.nn.Linear(1, 1)).save(str(FOLDER / "script.pth"))
    (FOLDER / "other.pth").write_bytes(pickle.dumps({"a": 1}, protocol=2))
    return {"plain": base.tolist()}


def main():
    FOLDER.mkdir(exist_ok=True)
    with torch.no_grad():
        result = {
            "versions": {"torch": torch.__version__, "torchvision": torchvision.__version__, "open_clip": open_clip.__version__},
            "perceptual": [perceptual("alex", 64, 64), perceptual("alex", 67, 45), perceptual("vgg", 32, 40)],
            "inception": inception(48, 40), "contrastive": contrastive(), "tokenizer": tokenizer(),
        }  # fmt: skip
    files()
    (FOLDER / "networks.json").write_text(json.dumps(result, indent=None, separators=(",", ":")))


main()
