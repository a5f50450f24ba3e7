"""Simplified Chinese of films, evidence curves and the modes that mixtures hold; the glossary is in zh.py."""

from __future__ import annotations

SAMPLES = {
    "{heading}: data behind its curves": "{heading}：曲线的数据",
    "Data behind these curves": "这些曲线的数据",
    "Training films": "训练过程影像",
    "The same few latents from the first evaluation to the last, left to right; one run of each outcome.": (
        "同样几个潜变量从第一次评估到最后一次，自左至右；每种结局各一次运行。"
    ),
    "Film of run {run}: samples at steps {steps} of {where}; {outcome}, score {score}.": (
        "运行 {run} 的影像：{where} 在第 {steps} 步的样本；{outcome}，得分 {score}。"
    ),
    "{outcome}: {where}, score {score}; steps {steps}": "{outcome}：{where}，得分 {score}；第 {steps} 步",
    "Modes covered on {dataset}, at their true centres": "{dataset} 上各真实中心处被覆盖的模式",
    "{runs}, {seeds}, at their last evaluation. A full disc: all runs of the recipe cover this mode; an "
    "empty ring: none does. Covered: a fifth of the mode's fair share of samples. Diverged runs cover "
    "none. Above each map stands its recipe's mark. {silent}": (
        "{runs}，{seeds}，取其最后一次评估。满圆：该配方的所有运行都覆盖此模式；空环：没有运行覆盖。"
        "覆盖：样本达到该模式应有份额的五分之一。发散的运行不覆盖任何模式。每幅图上方是该配方的标记。{silent}"
    ),
    "Every run left its counts.": "所有运行都留有计数。",
    "{runs} without counts per mode are left out.": "没有逐模式计数的 {runs}未计入。",
    "true mode": "真实模式",
    "centre": "中心",
    "{place}: {share}": "{place}：{share}",
    "{places} places: {share}": "{places} 处：{share}",
    "no places": "没有位置",
    "{title}: share of runs that cover each mode. {drawn}.": "{title}：覆盖各模式的运行比例。{drawn}。",
    "{dataset}: no map of its modes, {why}.": "{dataset}：没有模式分布图，{why}。",
    "for its records hold no counts per mode": "因为其记录没有逐模式的计数",
    "for its true centres in the plane are not known": "因为其在平面上的真实中心未知",
    "for it has {modes} counts and {centers} centres": "因为它有 {modes} 个计数和 {centers} 个中心",
}
