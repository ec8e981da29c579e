"""Times the U-Net of PriorBrush against the same network in PyTorch, in alternating rounds, and prints the ratios.

Usage: Benchmarks/pytorch.sh (makes the virtual environment, builds the benchmark and runs this file).
"""
import statistics
import subprocess
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

WIDTHS, EMBEDDING, TEXT, WORDS, LENGTH = (48, 96, 192), 192, 96, 1351, 16


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        groups = min(16, width // 8)
        self.norm1, self.norm2 = nn.GroupNorm(groups, width), nn.GroupNorm(groups, width)
        self.conv1, self.conv2 = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        self.modulation = nn.Linear(EMBEDDING, 2 * width)

    def forward(self, x, embedding):
        hidden = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.modulation(embedding)[:, :, None, None].chunk(2, 1)
        return x + self.conv2(F.silu(self.norm2(hidden) * (1 + scale) + shift))


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.heads = width // 32
        self.norm = nn.GroupNorm(min(16, width // 8), width)
        self.query = nn.Linear(width, width, bias=False)
        self.pixels, self.words = nn.Linear(width, 2 * width, bias=False), nn.Linear(TEXT, 2 * width, bias=False)
        self.output = nn.Linear(width, width)

    def forward(self, x, words):
        n, c, h, w = x.shape
        flat = self.norm(x).flatten(2).transpose(1, 2)
        key, value = torch.cat([self.pixels(flat), self.words(words)], 1).chunk(2, 2)
        split = lambda t: t.reshape(n, -1, self.heads, 32).transpose(1, 2)
        attended = F.scaled_dot_product_attention(split(self.query(flat)), split(key), split(value))
        return x + self.output(attended.transpose(1, 2).reshape(n, h * w, c)).transpose(1, 2).reshape(n, c, h, w)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c = WIDTHS
        self.time = nn.Sequential(nn.Linear(64, EMBEDDING), nn.SiLU(), nn.Linear(EMBEDDING, EMBEDDING))
        self.caption = nn.Linear(TEXT, EMBEDDING)
        self.input, self.output = nn.Conv2d(12, a, 3, padding=1), nn.Conv2d(a, 12, 3, padding=1)
        self.top = nn.ModuleList(Residual(a) for _ in range(2))
        self.middle = nn.ModuleList(Residual(b) for _ in range(2))
        self.bottom = nn.ModuleList(Residual(c) for _ in range(3))
        self.middle_attention = nn.ModuleList(Attention(b) for _ in range(2))
        self.bottom_attention = nn.ModuleList(Attention(c) for _ in range(2))
        self.down = nn.ModuleList([nn.Conv2d(a, b, 3, 2, 1), nn.Conv2d(b, c, 3, 2, 1)])
        self.narrow = nn.ModuleList([nn.Conv2d(b, a, 1), nn.Conv2d(c, b, 1)])
        self.norm = nn.GroupNorm(min(16, a // 8), a)
        self.frequencies = 1000 * torch.exp(-torch.log(torch.tensor(1e4)) * torch.arange(32) / 32)

    def forward(self, x, times, words, pooled):
        phase = times[:, None] * self.frequencies
        e = F.silu(self.time(torch.cat([phase.sin(), phase.cos()], 1)) + self.caption(pooled))
        x = full = self.top[0](self.input(F.pixel_unshuffle(x, 2)), e)
        x = half = self.middle_attention[0](self.middle[0](self.down[0](x), e), words)
        x = self.bottom_attention[0](self.bottom[1](self.bottom[0](self.down[1](x), e), e), words)
        x = self.bottom_attention[1](self.bottom[2](x, e), words)
        x = F.interpolate(self.narrow[1](x), scale_factor=2) + half
        x = self.middle_attention[1](self.middle[1](x, e), words)
        x = F.interpolate(self.narrow[0](x), scale_factor=2) + full
        return F.pixel_shuffle(self.output(F.silu(self.norm(self.top[1](x, e)))), 2)


class TextEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.positions = nn.Embedding(WORDS, TEXT), nn.Parameter(torch.zeros(LENGTH, TEXT))
        self.layer = nn.TransformerEncoderLayer(TEXT, 4, 2 * TEXT, 0.0, "gelu", batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(TEXT)

    def forward(self, ids):
        x = self.norm(self.layer(self.words(ids) + self.positions))
        return x, x.mean(1)


def images(batch):
    return torch.randn(batch, 3, 32, 32).to(memory_format=torch.channels_last)


def forward_rounds(network, batch, rounds):
    words, pooled, x, times = torch.randn(batch, LENGTH, TEXT), torch.randn(batch, TEXT), images(batch), torch.rand(batch)
    with torch.inference_mode():
        return timed(lambda: network(x, times, words, pooled), rounds)


def train_rounds(network, batch, rounds):
    text = TextEncoder()
    parameters = list(network.parameters()) + list(text.parameters())
    average = [p.detach().clone() for p in parameters]
    optimizer = torch.optim.AdamW(parameters, 1e-3)

    def step():
        clean, noise, ids = images(batch), images(batch), torch.randint(WORDS, (batch, LENGTH))
        times = torch.rand(batch) ** 0.6
        alpha, sigma = (f(times * torch.pi / 2)[:, None, None, None] for f in (torch.cos, torch.sin))
        prediction = network(alpha * clean + sigma * noise, times, *text(ids))
        F.mse_loss(prediction, alpha * noise - sigma * clean).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 0.001)

    return timed(step, rounds)


def timed(body, rounds):
    for _ in range(3):
        body()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        seconds.append(time.perf_counter() - start)
    return seconds


def compare(binary, mode, batch, threads, rounds, pairs=7):
    torch.set_num_threads(threads)
    network = UNet().to(memory_format=torch.channels_last)
    theirs, ours = [], []
    for _ in range(pairs):
        output = subprocess.run([binary, mode, str(batch), str(threads), str(rounds)], capture_output=True, check=True)
        ours.append(statistics.median(map(float, output.stdout.split())))
        theirs.append(statistics.median((forward_rounds if mode == "forward" else train_rounds)(network, batch, rounds)))
    ratios = sorted(t / o for t, o in zip(theirs, ours))
    print(
        f"{mode:8} batch {batch:2}, {threads} thread{'s' if threads > 1 else ''}: "
        f"ours {statistics.median(ours) * 1e3:7.2f} ms, PyTorch {statistics.median(theirs) * 1e3:7.2f} ms, "
        f"PyTorch/ours {statistics.median(ratios):.2f} (of {pairs} pairs: {ratios[0]:.2f} to {ratios[-1]:.2f})",
        flush=True)


if __name__ == "__main__":
    print(f"PyTorch {torch.__version__}")
    compare(sys.argv[1], "forward", 1, 1, 60)
    compare(sys.argv[1], "forward", 32, 1, 6)
    compare(sys.argv[1], "forward", 32, 2, 8)
    compare(sys.argv[1], "train", 32, 2, 8)
