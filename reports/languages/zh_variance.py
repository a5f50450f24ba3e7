"""Simplified Chinese of permutation tests and of stable runs alone; the glossary is in zh.py."""

from __future__ import annotations

VARIANCE = {
    "{amount} stable runs": "{amount} 次稳定的运行",
    "{factor} {p}": "{factor} {p}",
    "{dataset}, P(stable): permutation p of each factor by itself, corrected by Holm: {factors}.": (
        "{dataset}，P(稳定)：各因素自身的置换检验 p 值，经 Holm 校正：{factors}。"
    ),
    "{dataset}: {runs} are too few or too much alike to be split by themselves.": (
        "{dataset}：{runs}太少或太相似，无法单独分解。"
    ),
    "{dataset}, {runs} alone: no factor explains a share of the score that is certainly above zero; "
    "{factor} most, {share}.": (
        "{dataset}，仅看 {runs}：没有因素对得分的解释肯定大于零；{factor} 最多，{share}。"
    ),
    "{dataset}, {runs} alone: {factor} explains most of the score, {share}, as among all runs.": (
        "{dataset}，仅看 {runs}：{factor} 对得分解释最多，{share}，与全部运行相同。"
    ),
    "{dataset}, {runs} alone: {factor} explains most of the score, {share}; among all runs {other} does.": (
        "{dataset}，仅看 {runs}：{factor} 对得分解释最多，{share}；在全部运行中则是 {other}。"
    ),
}
