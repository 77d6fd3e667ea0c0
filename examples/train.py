#!/usr/bin/env python3
"""Fits a linear model to an export, and says what it is worth on months that it has not seen.

    ./bqx matrix define first --pairs eurusd --columns 'bqx.w60_*,reg.w60_*' --target w60_h60
    ./bqx export first --format csv --split-dirs --out out
    examples/train.py out

Needs numpy alone. The features are scaled by the manifest's mean and standard deviation, which are of
the rows for training; how strongly the weights are held back is chosen on the validation rows; the
test rows are looked at once, at the end.
"""
import csv
import json
import pathlib
import sys

import numpy as np

PENALTIES = [0.0, 1e-4, 1e-3, 1e-2, 1e-1, 1.0]


def read(folder, split, columns):
    """Returns the rows of a split: a line a row, a column a name, NaN for NULL."""
    rows = []
    for file in sorted((folder / split).glob("*.csv")):
        with open(file, newline="") as lines:
            reader = csv.reader(lines)
            names = next(reader)
            places = [names.index(name) for name in columns]
            rows += [[float(line[place] or "nan") for place in places] for line in reader]
    return np.array(rows).reshape(len(rows), len(columns))


def complete(rows, split):
    """Leaves out rows that lack a value, and says how many."""
    whole = ~np.isnan(rows).any(axis=1)
    print(f"{split}: {len(rows):,} rows, {len(rows) - whole.sum():,} left out for a NULL")
    return rows[whole]


def fit(x, y, penalty):
    """Returns the weights that minimise mean((y - x w)^2) + penalty * |w|^2."""
    return np.linalg.lstsq(
        np.vstack([x / np.sqrt(len(x)), np.sqrt(penalty) * np.eye(x.shape[1])]),
        np.concatenate([y / np.sqrt(len(y)), np.zeros(x.shape[1])]),
        rcond=None,
    )[0]


def r2(y, forecast, mean):
    """Returns how much less than the mean of the training rows the forecast misses."""
    return 1 - np.sum((y - forecast) ** 2) / np.sum((y - mean) ** 2)


def main(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    if not manifest["scalers"] or not any((folder / "train").glob("*.csv")):
        sys.exit(f"{folder} has no rows for training: export with --format csv --split-dirs")
    target = manifest["target"]["name"]
    scalers = {scaler["column"]: scaler for scaler in manifest["scalers"]}
    features = [
        column["name"]
        for column in manifest["columns"]
        if column["type"] == "double precision"
        and column["family"] not in (None, "target")
        and scalers[column["name"]]["sd"]
    ]
    mean = np.array([scalers[name]["mean"] for name in features])
    sd = np.array([scalers[name]["sd"] for name in features])
    x, y = {}, {}
    for split in ("train", "validation", "test"):
        rows = complete(read(folder, split, features + [target]), split)
        x[split], y[split] = (rows[:, :-1] - mean) / sd, rows[:, -1]

    level = y["train"].mean()
    weights = {penalty: fit(x["train"], y["train"] - level, penalty) for penalty in PENALTIES}
    score = {
        penalty: r2(y["validation"], x["validation"] @ w + level, level)
        for penalty, w in weights.items()
    }
    best = max(score, key=score.get)
    print(f"{len(features)} features, penalty {best:g}: validation R2 {score[best]:.4f}")

    forecast = x["test"] @ weights[best] + level
    # Targets of neighbouring rows share bars. Those of rows this far apart share one at most.
    thin = slice(None, None, max(manifest["target"]["w"], manifest["target"]["h"]))
    print(f"test R2 {r2(y['test'], forecast, level):.4f}, "
          f"of {len(y['test'][thin]):,} rows apart {r2(y['test'][thin], forecast[thin], level):.4f}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
