"""Writes published.csv beside this file; README.md there says what the two files given are.

    python data/published/make_published.py published_results.csv paper_table2.csv

Both have the columns dataset,encoder,attention,metric,class,value. Corpora that are not in the paper are left out; names
are ours.
"""

import csv
import sys
from pathlib import Path

corpora = {
    "sst": "sst", "imdb": "imdb", "tweet": "adr", "20News_sports": "20news", "agnews": "agnews", "diab": "diabetes",
    "anemia": "anemia", "cnn": "cnn", "babi_1": "babi1", "babi_2": "babi2", "babi_3": "babi3", "snli": "snli",
}
encoders = {"lstm": "bilstm", "cnn": "cnn", "average": "average"}
attentions = {"tanh": "additive", "dot": "dot"}
statistics = {"mean": 0, "std": 1, "sigfrac": 2}


def metric_order(metric):
    stem, _, ending = metric.rpartition("_")
    return (stem, statistics[ending]) if ending in statistics else (metric, 0)


def short(value):
    if value == "NaN":
        return "nan"
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


groups = {}
for run, path in zip(("rerun", "paper"), sys.argv[1:3], strict=True):
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["dataset"] not in corpora:
                continue
            key = (run, list(corpora).index(row["dataset"]), list(encoders).index(row["encoder"]),
                   list(attentions).index(row["attention"]), row["class"])
            values = groups.setdefault(key, {})
            assert row["metric"] not in values, f"{row} comes twice"
            values[row["metric"]] = short(row["value"])

metrics = sorted({metric for values in groups.values() for metric in values}, key=metric_order)
with open(Path(__file__).with_name("published.csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["run", "corpus", "encoder", "attention", "class", *metrics])
    for (run, corpus, encoder, attention, label), values in sorted(groups.items()):
        names = [list(each.values())[index] for each, index in
                 ((corpora, corpus), (encoders, encoder), (attentions, attention))]
        writer.writerow([run, *names, label, *(values.get(metric, "") for metric in metrics)])
