"""Simplified Chinese of training films and of the modes that mixtures hold; the glossary is in zh.py."""

from __future__ import annotations

SAMPLES = {
    "Training films": "训练过程影像",
    "The same few latents from the first evaluation to the last, left to right; one run of each outcome.": (
        "同样几个潜变量从第一次评估到最后一次，自左至右；每种结局各一次运行。"
    ),
    "Film of run {run}: samples at steps {steps} of {where}; {outcome}, score {score}.": (
        "运行 {run} 的影像：{where} 在第 {steps} 步的样本；{outcome}，得分 {score}。"
    ),
    "{outcome}: {where}, score {score}; steps {steps}": "{outcome}：{where}，得分 {score}；第 {steps} 步",
}
