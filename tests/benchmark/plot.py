"""Draws the results: cost against titles, and peers side by side."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).resolve().parent
COLOURS = {7: "#88a0c8", 7_000: "#3c6ab0", 100_000: "#12305e"}
STYLES = {"build": "-o", "match": "--s"}
LABELS = {"build": "dbt build", "match": "matching alone"}

Row = dict[str, str]


def _latest(results: Path) -> dict[tuple[str, int, int], Row]:
    """Return the last row of every step and cell; nothing that failed."""
    with results.open(encoding="utf-8", newline="") as file:
        return {
            (row["step"], int(row["titles"]), int(row["names"])): row
            for row in csv.DictReader(file)
            if row["status"] != "failed" and int(row["titles"])
        }


def _largest_grid(results: Path) -> dict[tuple[str, int, int], Row]:
    """Return the rows of the last commit that most cells were measured at.

    Those of another run may come from a faster or a slower machine.
    """
    commits: dict[str, dict[tuple[str, int, int], Row]] = {}
    with results.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] != "failed" and int(row["titles"]):
                cell = (row["step"], int(row["titles"]), int(row["names"]))
                commits.setdefault(row["commit"], {})[cell] = row
    return max(reversed(commits.values()), key=len)


def _draw_growth(axes: plt.Axes, rows: dict[tuple[str, int, int], Row]) -> None:
    for step, style in STYLES.items():
        for names, colour in COLOURS.items():
            points = sorted(
                (titles, float(row["cpu_seconds"]))
                for (name, titles, count), row in rows.items()
                if name == step and count == names
            )
            if points:
                axes.plot(
                    *zip(*points, strict=True),
                    style,
                    color=colour,
                    markersize=4,
                    label=f"{LABELS[step]}, {names:,} names",
                )
    floor = sorted(
        (titles, float(row["cpu_seconds"]))
        for (name, titles, _), row in rows.items()
        if name == "floor"
    )
    if floor:
        axes.plot(
            *zip(*floor, strict=True),
            ":^",
            color="#c0571c",
            markersize=4,
            label="floor: read, fold, split",
        )
    axes.set(
        xscale="log", yscale="log", xlabel="titles", ylabel="CPU seconds",
        title=f"Cost follows the titles ({_commits(rows)})",
    )  # fmt: skip
    axes.grid(alpha=0.3, which="both", linewidth=0.5)
    axes.legend(fontsize=8, frameon=False)


def _commits(rows: dict[Any, Row]) -> str:
    return ", ".join(sorted({row["commit"] for row in rows.values()}))


def _draw_peers(
    axes: plt.Axes,
    rows: dict[tuple[str, int, int], Row],
    titles: int,
    names: int,
) -> None:
    others = {"build", "floor", "split", "match", "reference"}
    peers = sorted(
        (
            (step, row)
            for (step, titles_of_row, names_of_row), row in rows.items()
            if (titles_of_row, names_of_row) == (titles, names)
            and step not in others
        ),
        key=lambda peer: -float(peer[1]["cpu_seconds"]),
    )
    for place, (step, row) in enumerate(peers):
        seconds = float(row["cpu_seconds"])
        is_extrapolated = row["status"] == "extrapolated"
        axes.barh(
            place,
            seconds,
            color="#12305e" if step == "match_folded" else "#b9bfc9",
            hatch="///" if is_extrapolated else None,
            edgecolor="white",
        )
        differs = row["missing"] not in {"", "0"} or row["extra"] not in {
            "",
            "0",
        }
        axes.text(
            seconds * 1.1,
            place,
            (f"{seconds:,.0f} s" if seconds > 100 else f"{seconds:.1f} s")
            + (", extrapolated" if is_extrapolated else "")
            + (", other answer" if differs and not is_extrapolated else ""),
            va="center",
            fontsize=8,
        )
    axes.set_yticks(
        range(len(peers)),
        [
            "this project" if step == "match_folded" else step.replace("_", " ")
            for step, _ in peers
        ],
    )
    axes.set(
        xscale="log", xlabel="CPU seconds",
        title=f"Matching {titles:,} x {names:,} ({_commits(dict(peers))})",
    )  # fmt: skip
    if peers:
        costs = [float(row["cpu_seconds"]) for _, row in peers]
        axes.set_xlim(min(costs) / 3, max(costs) * 50)
    axes.spines[["top", "right"]].set_visible(False)


def draw(results: Path, picture: Path) -> None:
    """Draw the growth of one run, and the latest row of every peer."""
    rows = _latest(results)
    grid = _largest_grid(results)
    figure, (growth, peers) = plt.subplots(
        1, 2, figsize=(12, 5), layout="constrained"
    )
    _draw_growth(growth, grid)
    _draw_peers(peers, rows, titles=1_000_000, names=100_000)
    machines = {
        f"{row['cpu']}, {row['cores']} cores, {row['memory_gb']} GB,"
        f" DuckDB {row['duckdb']}"
        for row in grid.values()
    }
    figure.supxlabel(" | ".join(sorted(machines)), fontsize=8, color="#555555")
    figure.savefig(picture, dpi=130)
    plt.close(figure)


if __name__ == "__main__":
    draw(HERE / "results.csv", HERE / "results.png")
