"""Simplified Chinese of permutation tests and of stable runs alone; the glossary is in zh.py."""

from __future__ import annotations

VARIANCE = {
    "{dataset}: a band is named by its middle, and of runs alike in all but the rate the one nearest to it "
    "counts.": "{dataset}：区间以其中点为名；除学习率外均相同的运行中，只计最接近中点的一次。",
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

SHARES = {
    "How much does each cause explain?": "各原因能解释多少？",
    "Variance explained": "方差解释",
    "Share of the variance that each cause explains": "各原因所解释的方差比例",
    "ω² of factors and of pairs beyond them, by measure": "各因素及其两两交互的 ω²，按指标",
    "Every term, factors with all they take part in included": "全部项，包括各因素连同其参与的所有交互",
    "The variance cannot be split between causes: no dataset has a full block of runs.": (
        "方差无法在各原因之间分解：没有数据集具有完整的运行区组。"
    ),
    "{more} further datasets are in variance.csv.": "另有 {more} 个数据集见 variance.csv。",
    "A lead is certain if its interval lies above zero; of two factors that explain alike one was called so "
    "in {low} to {high} of simulated grids.": (
        "领先幅度的区间高于零，才算确定领先；两个因素解释程度相同时，在模拟网格中有 {low} 至 {high} 误称其一领先。"
    ),
    "Shares depend on the levels chosen: a factor that was moved further explains more. They say what made "
    "these runs differ, not what matters everywhere.": (
        "比例取决于所选的水平：变动幅度越大的因素解释越多。它说明这些运行为何不同，而非何者在各处都重要。"
    ),
    "ω² is the share of the sum of squares less what chance alone would give; a factor that does nothing has "
    "about 0, and slightly below is possible. Failed runs count with their score, diverged ones with 0. "
    "P(stable) is 1 for stable runs and 0 for others, undecided ones too; variance.csv also has it the other "
    "way, as P(not failed). Seeds are blocks. Runs with other settings than their recipe's own are not among "
    "these.": (
        "ω² 是平方和的比例减去仅凭偶然所得的部分；不起作用的因素约为 0，也可能略为负。失败的运行按其得分计，"
        "发散的按 0 计。P(稳定) 对稳定的运行为 1，对其余（包括未定的）为 0；variance.csv 中还有反向的 P(未失败)。"
        "种子作为区组。未用配方自身设置的运行不计在内。"
    ),
    "three or more together": "三个或更多因素共同",
    "seed, the same in all cells": "种子，各单元相同",
    "left to chance": "归于偶然",
    "{factor}, with all it takes part in": "{factor}，连同其参与的所有交互",
    "{first} × {second}": "{first} × {second}",
    "{share}": "{share}",
    "{share} {span}": "{share} {span}",
    "{points} {span}": "{points} {span}",
    "{dataset}, {measure}": "{dataset}，{measure}",
    "{first}; {rest}": "{first}；{rest}",
    "{factor} {levels}": "{factor} {levels}",
    "{where}: there is no variance to explain, all {runs} runs are alike in it.": (
        "{where}：没有可解释的方差，全部 {runs} 次运行在此指标上相同。"
    ),
    "{where} ({runs} runs, {seeds} seeds): {most} {lead} {joint} {chance}": (
        "{where}（{runs} 次运行，{seeds} 个种子）：{most}{lead}{joint}{chance}"
    ),
    "no factor explains a share that is certainly above zero; {factor} most, {share}.": (
        "没有因素所解释的比例确定高于零；最多的是{factor}，{share}。"
    ),
    "{factor} explains most by itself, ω² {share}.": "单独解释最多的是{factor}，ω² {share}。",
    "Whether it leads {next} cannot be said from {seeds} seeds, {needed} are needed.": (
        "它是否领先于{next}，无法由 {seeds} 个种子判定，需要 {needed} 个。"
    ),
    "Its lead over {next} is certain, {ahead}.": "它确定领先于{next}，{ahead}。",
    "Its lead over {next} is not certain, {ahead}.": "它对{next}的领先并不确定，{ahead}。",
    "No two factors together explain more than each by itself.": "没有两个因素的交互能在各自单独作用之外解释更多。",
    "Of pairs beyond that {pair} explains most, {share}.": "此外，在两两交互中解释最多的是{pair}，{share}。",
    "Chance keeps {share}.": "归于偶然的为 {share}。",
    "{dataset}: the grid is full and balanced, {runs} runs with their recipe's own settings: {levels}; "
    "{seeds} seeds each.": (
        "{dataset}：网格完整且均衡，{runs} 次使用配方自身设置的运行：{levels}；各 {seeds} 个种子。"
    ),
    "{dataset}: the grid is not full. Its largest full part has {runs} of {all} runs with their recipe's own "
    "settings: {levels}; {seeds} seeds each. {left} runs are left out.": (
        "{dataset}：网格不完整。在 {all} 次使用配方自身设置的运行中，其最大的完整部分有 {runs} 次：{levels}；"
        "各 {seeds} 个种子。有 {left} 次运行未计入。"
    ),
    "{dataset}: the grid is not balanced; in its {runs} runs no two levels of two factors were run in all "
    "combinations under two seeds.": (
        "{dataset}：网格不均衡；在其 {runs} 次运行中，没有两个因素的两个水平在两个种子下跑全了所有组合。"
    ),
    "{dataset}: {factor} changes together with {others}; the share is that of all of them.": (
        "{dataset}：{factor}与{others}一同变化；该比例属于它们全体。"
    ),
    "{dataset}: no run with its recipe's own settings has a score.": (
        "{dataset}：没有使用配方自身设置且有得分的运行。"
    ),
    "{dataset}: shares need two factors, {varied} varied in {runs} runs.": (
        "{dataset}：分解需要两个因素，而 {runs} 次运行中变化的有：{varied}。"
    ),
    "{dataset}: shares need two seeds, all {runs} runs have the same.": (
        "{dataset}：分解需要两个种子，而全部 {runs} 次运行的种子相同。"
    ),
    "nothing": "无",
    "{dataset}: {other} is explained most by {factor}, the score by {first}.": (
        "{dataset}：对{other}解释最多的是{factor}，对得分则是{first}。"
    ),
    "ω² of {runs} runs in full blocks, {seeds} seeds. Thick: factors by themselves; thin: pairs beyond that, "
    "more than two, seeds, chance. {bands}": (
        "完整区组中 {runs} 次运行的 ω²，{seeds} 个种子。粗线：各因素单独；细线：其外的两两交互、两个以上的交互、"
        "种子、偶然。{bands}"
    ),
    "Bands: nominal 95 %, Student's t with the spread of seeds resampled for all cells together; in "
    "simulations they held the truth in {low} to {high}.": (
        "误差棒：名义 95 %，Student t 分布，其离散度由对全部单元一起重抽样种子得出；在模拟中有 {low} 至 {high} 包含真值。"
    ),
    "No intervals: they take three seeds.": "没有区间：区间需要三个种子。",
    "rank of the score": "得分的秩",
    "P(stable)": "P(稳定)",
    "term": "项",
    "recipe (loss)": "配方（损失函数）",
    "data defect": "数据缺陷",
    "rate of D over rate of G": "D 与 G 的学习率之比",
    "number of evaluations": "评估次数",
    "latent dim": "潜变量维数",
    "steps": "更新次数",
    "ema half life": "EMA 半衰期",
    "generator norm": "生成器归一化",
    "discriminator norm": "判别器归一化",
    "loss": "损失函数",
    "regularizer": "正则项",
    "regularizer weight": "正则项权重",
    "n critic": "判别器步数",
    "generator lr": "生成器学习率",
    "discriminator lr": "判别器学习率",
}
