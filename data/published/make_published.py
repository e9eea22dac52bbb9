"""Writes published.csv beside this file; README.md there says what the two files given are.

    python data/published/make_published.py published_results.csv paper_table2.csv authors_code.csv

The first two have the columns dataset,encoder,attention,metric,class,value, the last also a seed, over which the mean is
taken. Corpora that are not in the paper are left out; names
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

columns = {
    "tauGradient.mean": "tau_grad_mean", "tauGradient.std": "tau_grad_std", "significantGradient": "tau_grad_sigfrac",
    "tauLeaveOneOut.mean": "tau_loo_mean", "tauLeaveOneOut.std": "tau_loo_std",
    "significantLeaveOneOut": "tau_loo_sigfrac", "tauGradientLeaveOneOut.mean": "corr_grad_loo_mean",
    "epsilonMaxJsd0.05.mean": "emaxjsd_mean", "accuracy": "eval_accuracy", "f1": "eval_f1", "auc": "eval_roc_auc",
}


def code_groups(path):
    """The authors' code on data that we have, by model and class: means over seeds, and over classes for all texts."""
    found = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            model = tuple(row[name] for name in ("dataset", "encoder", "attention"))
            seed = found.setdefault(model, {}).setdefault(row["seed"], {})
            seed.setdefault(row["class"], {})[row["metric"]] = float(row["value"])
    for model, seeds in found.items():
        by_class = {}
        for classes in seeds.values():
            labels = [label for label in classes if label != "all"] or ["all"]
            total = sum(classes[label]["n"] for label in labels)
            taus = [name for name in classes[labels[0]] if name.endswith(".mean")]
            overall = {name: sum(classes[label][name] * classes[label]["n"] for label in labels) / total for name in taus}
            overall |= {name: value for name, value in classes["all"].items() if name in ("accuracy", "auc")}
            if (both := overall.get("tauGradientLeaveOneOut.mean")) is not None:
                overall["gradient"] = both - overall["tauGradient.mean"]
                overall["loo"] = both - overall["tauLeaveOneOut.mean"]
            scores = {"1": {"f1": classes["all"]["f1"]}} if "f1" in classes["all"] else {}
            for label, values in [*((label, classes[label] | scores.get(label, {})) for label in labels if label != "all"),
                                  ("overall", overall)]:
                for name, value in values.items():
                    column = columns.get(name) or {"gradient": "diff_gradloo_minus_attngrad_mean",
                                                   "loo": "diff_gradloo_minus_attnloo_mean"}.get(name)
                    if column:
                        by_class.setdefault(label, {}).setdefault(column, []).append(value)
        for label, values in by_class.items():
            yield model, label, {name: short(sum(each) / len(each)) for name, each in values.items()}


for (corpus, encoder, attention), label, values in code_groups(sys.argv[3]):
    groups["code", list(corpora.values()).index(corpus), list(encoders).index(encoder),
           list(attentions).index(attention), label] = values

metrics = sorted({metric for values in groups.values() for metric in values}, key=metric_order)
with open(Path(__file__).with_name("published.csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["run", "corpus", "encoder", "attention", "class", *metrics])
    for (run, corpus, encoder, attention, label), values in sorted(groups.items()):
        names = [list(each.values())[index] for each, index in
                 ((corpora, corpus), (encoders, encoder), (attentions, attention))]
        writer.writerow([run, *names, label, *(values.get(metric, "") for metric in metrics)])
