"""Simplified Chinese of words, factors, figures and summaries, which every part uses."""

from __future__ import annotations

WORDS = {
    "{amount} runs": "{amount} 次运行",
    "{amount} seeds": "{amount} 个种子",
    "{amount} pairs": "{amount} 个配对",
    "{amount} decided pairs": "{amount} 个已判定的配对",
    "{amount} undecided runs": "{amount} 次未定的运行",
    "{amount} critic steps": "{amount} 个判别器步",
    "{amount} further comparisons": "{amount} 项其他比较",
    "{amount} other seeds": "{amount} 个其他种子",
    "{amount} pictures": "{amount} 张图片",
    "{amount} GANs": "{amount} 个 GAN",
    "{number}\u202fpoints": "{number}\u202f个百分点",
    "{items} and {last}": "{items} 和 {last}",
    "{item}, {next}": "{item}、{next}",
    "{sentence} {next}": "{sentence}{next}",
    "{left} {right}": "{left} {right}",
    "{left}, {right}": "{left}，{right}",
    "{left}; {right}": "{left}；{right}",
    "{left}. {right}": "{left}。{right}",
    "{left}{right}": "{left}{right}",
    "{left}\xa0{right}": "{left}\xa0{right}",
    "{whole}, {part}": "{whole}，{part}",
    "{name} {content}": "{name} {content}",
    "[no\xa0interval]": "[无区间]",
    "no interval": "无区间",
    "n/a": "无",
    "none": "无",
    "yes": "是",
    "no": "否",
}

FACTORS = {
    "network": "网络",
    "generator depth": "生成器深度",
    "discriminator depth": "判别器深度",
    "generator width": "生成器宽度",
    "discriminator width": "判别器宽度",
    "batch size": "批量大小",
    "update order": "更新顺序",
    "latent size": "潜变量维数",
    "generator updates": "生成器更新",
    "optimizer": "优化器",
    "augmentation": "数据增强",
    "planted defects": "植入的缺陷",
    "training samples": "训练样本数",
    "data size": "数据量",
    "capacity ratio": "容量比",
    "learning rate": "学习率",
    "recipe": "配方",
    "dataset": "数据集",
    "the capacity ratio": "容量比",
    "the data size": "数据量",
    "the learning rate": "学习率",
    "the loss": "损失函数",
    "loss and learning rate": "损失函数与学习率",
    "all recipes": "全部配方",
    "all ratios": "全部容量比",
    "capacity ratio {ratio}": "容量比 {ratio}",
    "generator width {width:g}": "生成器宽度 {width:g}",
    "at {rate} own rate": "自身学习率的 {rate}",
    "{rate} own rate": "自身学习率的 {rate}",
    "{treated} against {baseline}": "{treated} 对比 {baseline}",
}

SUMMARIES = {
    "P(failure)": "P(失败)",
    "bounds": "上下界",
    "score (IQM)": "得分（IQM）",
}

FIGURES = {
    "↑ {up} · → {across}": "↑ {up} · → {across}",
    "→ {across}": "→ {across}",
    "{title}: {measure}. {drawn}.": "{title}：{measure}。{drawn}。",
    "{title}: {measure} against {axis}. {drawn}.": "{title}：{measure}，横轴为{axis}。{drawn}。",
    "{title}: {name} over {n} evaluations from {first} to {last}, between {low} and {high}": (
        "{title}：{name}，{n} 次评估中从 {first} 到 {last}，介于 {low} 与 {high} 之间"
    ),
    "{name}: {parts}": "{name}：{parts}",
    "{name}: {value}": "{name}：{value}",
    "at {level} {value}": "{level} 处 {value}",
    "{row} at {column}: {value} {interval}, {runs}": "{row}，{column}：{value} {interval}，{runs}",
    "limit {limit}": "界限 {limit}",
    "onset at step {step}": "起始于第 {step} 步",
    "nothing to draw": "没有可画的内容",
    "Nothing to draw": "没有可画的内容",
    "No points": "没有数据点",
    "no values": "没有取值",
}

PARTS = (WORDS, FACTORS, SUMMARIES, FIGURES)
