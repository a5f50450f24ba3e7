"""Simplified Chinese of the page that sets two results folders side by side; the glossary is in zh.py."""

from __future__ import annotations

COMPARISON = {
    "{amount} cells": "{amount} 个单元",
    "{a} and {b}": "{a} 与 {b}",
    "GAN stability bench · comparison": "GAN stability bench · 比较",
    "What changed from A to B?": "从 A 到 B 有什么变化？",
    "Before you compare": "比较之前",
    "A is {a}, B is {b}. Runs of both are paired by config and seed; differences are B less A.": (
        "A 为 {a}，B 为 {b}。两者的运行按配置和种子配对；差值为 B 减 A。"
    ),
    "runs of A": "A 的运行",
    "runs of B": "B 的运行",
    "in both": "两者皆有",
    "only in A": "仅在 A 中",
    "only in B": "仅在 B 中",
    "only A": "仅 A",
    "only B": "仅 B",
    "What changed in the runs that are in both": "两者皆有的运行有什么变化",
    "Runs in both": "两者皆有",
    "all runs in both": "两者皆有的全部运行",
    "B against A": "B 对 A",
    "B less A": "B 减 A",
    "P(failure), points": "失败率，百分点",
    "No run of A has a counterpart in B: {why}.": "A 的运行在 B 中都没有对应：{why}。",
    "{side} has no run with a verdict": "{side} 没有得到判定的运行",
    "they have no dataset in common": "两者没有共同的数据集",
    "they have no seed in common, and runs are paired by seed": "两者没有共同的种子，而运行按种子配对",
    "every run of one differs from every run of the other in more than one setting": (
        "一方的每次运行与另一方的每次运行都有不止一项设置不同"
    ),
    "{pairs} in both, all ended alike: same outcome, same score to the last digit.": (
        "两者皆有 {pairs}，结果完全一样：结局相同，得分到最后一位都相同。"
    ),
    "{pairs} in both. {same} have the same outcome, {alike} of them the same score to the last digit.": (
        "两者皆有 {pairs}。其中 {same} 次结局相同，{alike} 次得分到最后一位都相同。"
    ),
    "No run turned from stable to failed or from failed to stable.": (
        "没有运行从稳定变为失败，也没有从失败变为稳定。"
    ),
    "Stable in A and failed in B: {worse}; failed in A and stable in B: {better}.": (
        "在 A 中稳定而在 B 中失败：{worse}；在 A 中失败而在 B 中稳定：{better}。"
    ),
    "{pairs} pairs of runs, {seeds} seeds; groups of {least} pairs or more. B is better left of the line "
    "on the first, right of it on the second. Bands: failure rate 95 % (Newcombe, paired), score {level} "
    "(paired bootstrap).": (
        "{pairs} 对运行，{seeds} 个种子；只列至少 {least} 对的组。第一幅图中线左侧、第二幅图中线右侧表示 B 更好。"
        "区间：失败率 95 %（Newcombe 配对），得分 {level}（配对 bootstrap）。"
    ),
    "Failure rates: decided pairs, Newcombe's paired interval and McNemar's test. Scores: paired "
    "bootstrap of the IQM. Nothing is judged below {pairs} pairs or {seeds} seeds; a difference "
    "counts from {worth} on. Holm for the whole, Benjamini–Hochberg for datasets and recipes.": (
        "失败率：已判定的配对，Newcombe 配对区间与 McNemar 检验。得分：IQM 的配对 bootstrap。"
        "少于 {pairs} 对或 {seeds} 个种子不作判定；差值从 {worth} 起才算。总体用 Holm 校正，"
        "各数据集和配方用 Benjamini–Hochberg。"
    ),
    "Outcome in A (rows) and in B (columns), runs": "A 中的结局（行）与 B 中的结局（列），运行数",
    "A \\ B": "A \\ B",
    "Runs that turned over, then those whose score moved most": "状态翻转的运行，其后是得分变化最大的运行",
    "outcome in A": "A 中的结局",
    "in B": "B 中",
    "score in A": "A 中的得分",
    "What differs between the folders": "两个文件夹有何不同",
    "Folders": "文件夹",
    "The folders": "两个文件夹",
    "folder": "文件夹",
    "profile": "配置",
    "runs with a verdict": "有判定的运行",
    "planned and missing": "计划而缺失",
    "datasets": "数据集",
    "recipes": "配方",
    "thresholds": "阈值",
    "machine": "机器",
    "grid": "网格",
    "Versions, machine, settings and grids are the same in both.": "版本、机器、设置和网格在两者中都相同。",
    "Machine and versions, where they differ": "不同的机器与版本",
    "Settings of runs, where they differ": "不同的运行设置",
    "Grids, where they differ": "不同的网格",
    "{planned}, {absent} missing": "{planned}，缺 {absent}",
    "No config is in both folders. Runs are paired that differ in {field}: {a} in A, {b} in B.": (
        "没有配置同时在两个文件夹中。配对的运行在 {field} 上不同：A 中为 {a}，B 中为 {b}。"
    ),
    "Verdicts were made by different thresholds: outcomes may differ for that reason alone. "
    "ganbench verdict DIR --write judges both anew.": (
        "判定所用的阈值不同：结局可能仅因此而不同。ganbench verdict DIR --write 可重新判定两者。"
    ),
    "Distances were measured by different extractors: scores are not comparable.": (
        "距离由不同的特征提取器测得：得分不可比。"
    ),
    "{runs} ended early (--stop-early): theirs is the score of a part.": (
        "{runs}提前结束（--stop-early）：其得分只属于已训练的部分。"
    ),
    "{runs} of {side} failed through the benchmark's own fault and are left out.": (
        "{side} 有 {runs}因基准程序自身的过错失败，未计入。"
    ),
    "{runs} of {side} share their config with another of the same folder (another algorithm "
    "version) and are not paired.": "{side} 有 {runs}与同一文件夹中的另一次配置相同（算法版本不同），未配对。",
    "Generator updates per second, B over A: {ratio} (median of {runs}).": (
        "每秒生成器更新数，B 比 A：{ratio}（{runs}的中位数）。"
    ),
    "Generator updates per second, B over A": "每秒生成器更新数，B 比 A",
    "median": "中位数",
    "No run in both has a known speed.": "两者皆有的运行都没有已知的速度。",
    "That is not comparable: the machines differ or are not known.": "不可比：机器不同或未知。",
    "Part of it is the way of running: compiled in one folder and not in the other.": (
        "部分原因是执行方式：一个文件夹经过编译，另一个没有。"
    ),
    "Part of it is cohorts of different size.": "部分原因是批组大小不同。",
    "Median and middle half of the runs' ratios. No interval: runs of a cohort share one clock, and "
    "another job on the machine slows them all.": (
        "各运行比值的中位数与中间一半。没有区间：同一批组的运行共用一个时钟，机器上的其他任务会拖慢全部。"
    ),
    "Only in one folder": "只在一个文件夹中",
    "Only in one": "只在一方",
    "Every run of {side} has a counterpart.": "{side} 的每次运行都有对应。",
    "Of {side} {runs} without counterpart: {new} of {cells} that only {side} has, {more} of cells "
    "that are in both.": (
        "{side} 有 {runs}没有对应：{new}属于仅 {side} 有的 {cells}，{more}属于两者皆有的单元。"
    ),
    "Cells of {side} with runs that have no counterpart, {shown} of {all}": (
        "{side} 中含有无对应运行的单元，{all} 个中的 {shown} 个"
    ),
    "width": "宽度",
}
