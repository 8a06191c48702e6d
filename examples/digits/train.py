#!/usr/bin/env python3
"""Trains the digit classifier of the demo on scikit-learn's handwritten digits and writes it beside this file.

    digits.pt    the scripted network: pictures [n, 1, 8, 8] of float32 from 0 to 1 in, scores [n, 10] out
    digit.npy    one picture that it never saw while training

The seed is fixed. A fifth of the pictures is held out; the script fails if fewer than 97 of 100 of them are recognised.
"""

import io
import pathlib

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
SMALLEST_ACCURACY = 0.97
SHOWN = 2  # which held-out picture becomes digit.npy


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.25), nn.Linear(256, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x))


def accuracy(net, pictures, labels):
    with torch.no_grad():
        return (net(pictures).argmax(1) == labels).float().mean().item()


def save(module, path):
    """torch.jit.save without the records that map code back to the Python files of the machine it was saved on."""
    with io.BytesIO() as whole:
        torch.jit.save(module, whole)
        reader = torch._C.PyTorchFileReader(io.BytesIO(whole.getvalue()))
    writer = torch._C.PyTorchFileWriter(str(path))
    for name in reader.get_all_records():
        if not name.endswith(".debug_pkl") and name not in ("version", "byteorder", ".data/serialization_id"):
            record = reader.get_record(name)
            writer.write_record(name, record, len(record))
    writer.write_record("byteorder", b"little", 6)
    writer.write_end_of_file()


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    digits = load_digits()
    pictures = (digits.images / 16).astype(np.float32)[:, None]
    train_x, test_x, train_y, test_y = map(
        torch.from_numpy, train_test_split(pictures, digits.target, test_size=0.2, random_state=0, stratify=digits.target)
    )
    net = DigitNet()
    epochs, batch = 30, 64
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=epochs * -(-len(train_x) // batch))
    for _ in range(epochs):
        for rows in torch.randperm(len(train_x)).split(batch):
            loss = nn.functional.cross_entropy(net(train_x[rows]), train_y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    net.eval()
    held_out = accuracy(net, test_x, test_y)
    print(f"held-out accuracy {held_out:.4f} on {len(test_x)} pictures; training {accuracy(net, train_x, train_y):.4f} on {len(train_x)}")
    assert held_out >= SMALLEST_ACCURACY, f"held-out accuracy {held_out:.4f} is below {SMALLEST_ACCURACY}"
    save(torch.jit.script(net), HERE / "digits.pt")
    np.save(HERE / "digit.npy", test_x[SHOWN : SHOWN + 1].numpy())
    print(f"digits.pt: {(HERE / 'digits.pt').stat().st_size / 1000:.0f} kB; digit.npy shows a {test_y[SHOWN].item()}")


if __name__ == "__main__":
    main()
