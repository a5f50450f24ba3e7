"""Simplified Chinese, by the module that says it; the meanings of columns are in zh_columns.py.

Glossary. Names of recipes, datasets, outcomes, mechanisms, columns and files stay as they are, in Latin.

generator 生成器; discriminator 判别器; capacity ratio 容量比; recipe 配方; run 运行; cell 单元 (one grid point, all
its seeds); seed 种子; pair 配对; learning rate 学习率; own rate 自身学习率; failure rate 失败率; score 得分; outcome 结局;
verdict 判定; finding 结论; claim 论断; undecided 未定; failed 失败; stable 稳定; interval 区间 (置信区间 where it is
named for the first time); critic step 判别器步; held out 留出; mode collapse 模式坍塌; memorisation 记忆化; onset 起始;
perfect copy 完美复制; minimax, Holm, Newcombe, Wilson, McNemar, IQM, bootstrap as in English.
"""

from __future__ import annotations

from reports.languages.zh_columns import COLUMNS
from reports.languages.zh_comparison import COMPARISON
from reports.languages.zh_phase import PHASE
from reports.languages.zh_samples import SAMPLES
from reports.languages.zh_stability import STABILITY
from reports.languages.zh_variance import VARIANCE

_WORDS = {
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

_FACTORS = {
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

_OPENING = {
    "Why did these GANs fail? {profile}": "这些 GAN 为什么失败？{profile}",
    "Why did these GANs fail?": "这些 GAN 为什么失败？",
    "Findings": "结论",
    "Undecided": "未定",
    "Outcomes": "结局",
    "Verdicts": "判定",
    "Samples": "样本",
    "Throughput": "吞吐量",
    "Cells": "单元",
    "Environment": "环境",
    "Definitions": "定义",
    "There are no runs in this folder yet: nothing can be said. Train some and report again.": (
        "此文件夹中还没有运行，无法得出任何结论。请先训练，再重新生成报告。"
    ),
    "None of {runs} has a verdict: all failed through the benchmark's own fault. Nothing can be said about "
    "GANs.": "{runs}均没有判定：全部因基准程序自身的错误而中止，无法对 GAN 得出任何结论。",
    "{gans} on {datasets}, each trained and judged on its samples: {failed}. Below: what went with failure "
    "when nothing else changed, and what helped.": (
        "在 {datasets} 上训练了 {gans}，并逐一按其生成样本判定：{failed}。下文说明：在其他条件不变时，"
        "哪些因素伴随失败，哪些做法有帮助。"
    ),
    "{failed} of the decided ones failed": "已判定者中 {failed} 失败",
    "{failed} decided ones failed": "已判定者中 {failed} 失败",
    "{part} of {whole}": "{part}/{whole}",
    "none is decided yet": "尚无一个得到判定",
    "{share} were still improving": "{share} 仍在改进",
    "runs": "运行数",
    "cells": "单元数",
    "seeds": "种子数",
    "failed": "失败",
    "undecided": "未定",
    "machine time": "机器时间",
}

_MISSING = {
    "Grid {grid}: {absent} of {planned} planned runs have no result.": (
        "网格 {grid}：计划的 {planned} 次运行中有 {absent} 次没有结果。"
    ),
    "{broken} of {runs} runs failed through the benchmark's own fault and have no verdict; most often: "
    "{reason}.": "{runs} 次运行中有 {broken} 次因基准程序自身的错误而中止，没有判定；最常见的原因：{reason}。",
    "{unscored} judged runs have no score and are left out of every score, not of failure rates.": (
        "{unscored} 次已判定的运行没有得分，不计入任何得分，但计入失败率。"
    ),
    "{runs} past hope ended early (--stop-early): outcome and score are of the part that was trained.": (
        "{runs}因已无希望而提前结束（--stop-early）：结局与得分只反映已训练的部分。"
    ),
    "{attempts} attempts at training failed and were repeated or given up.": (
        "{attempts} 次训练尝试失败，已重试或放弃。"
    ),
}

_TELLING = {
    "Not measured: {name} ({obstacle}).": "未测得：{name}（{obstacle}）。",
    "not measured, {obstacle}": "未测得，{obstacle}",
    "no {kind} of runs differs in this alone": "没有仅在这一点上不同的运行{kind}",
    "pair": "配对",
    "decided pair": "配对（均已判定）",
    "only {found}, at least {needed} are needed": "只有 {found}，至少需要 {needed} 个",
    "score {change}": "得分 {change}",
    "failure rates not comparable for {name} ({obstacle})": "{name}：失败率无法比较（{obstacle}）",
    "{numbers} ({pairs}, {seeds}); {reading}{doubt}.": "{numbers}（{pairs}，{seeds}）；{reading}{doubt}。",
    "{name}. {told}": "{name}。{told}",
    "{name}: {verdict}. {told}": "{name}：{verdict}。{told}",
    "{rate} of runs failed with {treated}, {other} with {baseline}: {change}": (
        "“{treated}”的失败率为 {rate}，“{baseline}”为 {other}：相差 {change}"
    ),
    "failure rate and score disagree": "失败率与得分的结论相反",
    "more failures": "失败更多",
    "fewer failures": "失败更少",
    "the failure rate shows no difference": "失败率无差异",
    "the score is lower": "得分更低",
    "the score is higher": "得分更高",
    "no difference that counts (of {worth} or more)": "没有值得计较的差异（{worth} 或以上）",
    "no difference shown after correction for the other comparisons": "对其他比较作校正后未显示差异",
    "no difference shown": "未显示差异",
    "every run failed": "每次运行都失败",
    "no run failed": "没有运行失败",
    ", though only {n} of {seeds} seeds agree": "，但 {seeds} 个种子中只有 {n} 个方向一致",
    ", though {seeds} seeds are too few to rule out chance between them": (
        "，但只有 {seeds} 个种子，不足以排除种子间的偶然性"
    ),
    ", though {undecided} could undo it": "，但 {undecided}可能推翻它",
    "{name} ({level})": "{name}（{level}）",
    "Held fixed: {factors}.": "保持不变：{factors}。",
    "{reading}: {shown}.": "{reading}：{shown}。",
    "{name} ({numbers}{doubt})": "{name}（{numbers}{doubt}）",
    "On {datasets} {factor} did not vary.": "在 {datasets} 上，{factor}没有变化。",
    "Left out: {runs} of recipes that have no learning rate of their own.": (
        "未计入：{runs}，其配方没有自身的学习率。"
    ),
}

_VERDICTS = {
    "supported": "支持",
    "supported in part": "部分支持",
    "not supported": "不支持",
    "opposite": "相反",
    "mixed": "不一致",
    "not measured": "未测得",
    "{verdict}: {meaning}.": "{verdict}：{meaning}。",
    "every comparison that decides shows it": "每项起决定作用的比较都显示如此",
    "some comparisons that decide show it, or only the score does; none shows the reverse": (
        "部分起决定作用的比较显示如此，或只有得分显示如此；没有比较显示相反"
    ),
    "some comparisons show it and some the reverse": "有的比较显示如此，有的显示相反",
    "no comparison that decides shows it": "没有起决定作用的比较显示如此",
    "failure rates show the reverse and none shows it": "失败率显示相反，没有比较显示如此",
    "no comparison has runs and seeds enough to decide": "没有比较有足够的运行与种子来作出判定",
}

_CAPACITY = {
    "Unequal capacity of generator and discriminator": "生成器与判别器容量不相当",
    "Training is unstable because generator and discriminator are of unequal capacity.": (
        "训练不稳定，是因为生成器与判别器的容量不相当。"
    ),
    "Capacity stands for the width of the hidden layers; depth and other networks may act differently.": (
        "此处容量指隐藏层宽度；深度及其他网络的作用可能不同。"
    ),
    "{treated}, against {baseline}": "{treated}，对比{baseline}",
    "equal widths": "等宽",
    "a discriminator {ratio} times as wide as the generator": "判别器宽度为生成器的 {ratio} 倍",
    "a discriminator {ratio} as wide as the generator": "判别器宽度为生成器的 {ratio}",
    "same ratio": "相同容量比",
    "same discriminator": "相同判别器",
    "{same}, generator width {width:g} against {main:g}": "{same}，生成器宽度 {width:g} 对比 {main:g}",
    "{main:g} at the {same}": "{same}下的 {main:g}",
    "Nothing: every run of a dataset has the same capacity ratio.": (
        "无：同一数据集的所有运行容量比都相同。"
    ),
    "Discriminator width over generator width: {ratios}; {rest}; recipes {recipes} with their own settings. "
    "Each run is compared with the run that equals it in all else, seed included.": (
        "判别器宽度与生成器宽度之比：{ratios}；{rest}；配方 {recipes}，均用其自身设置。"
        "每次运行都与其他条件（包括种子）完全相同的运行比较。"
    ),
    "Not measured: the capacity ratio takes fewer than two values.": "未测得：容量比的取值少于两个。",
    "Not measured: no run has a capacity ratio near 1 to compare with.": (
        "未测得：没有容量比接近 1 的运行可供比较。"
    ),
    "Not measured: on no dataset does the capacity ratio take two values.": (
        "未测得：没有一个数据集上的容量比取两个值。"
    ),
    "Failure rate and score against the capacity ratio": "失败率与得分随容量比的变化",
    "The same ratios at another generator width": "另一生成器宽度下的相同容量比",
    "Bars: Wilson 95 % for failure rates; stratified bootstrap for scores, its worth is in the data.": (
        "误差棒：失败率为 Wilson 95 % 区间；得分为分层 bootstrap 区间，其实际覆盖率见数据表。"
    ),
    "{runs} whose cell was run at every {level}, {seeds}, generator width {widths}; {pooled} pooled. "
    "{bands}": "{runs}，其单元在每个{level}下都有运行，{seeds}，生成器宽度 {widths}；合并了{pooled}。{bands}",
    "ratio": "容量比",
    "data sizes": "数据量",
    "learning rates and data sizes": "学习率与数据量",
    "line": "曲线",
    "discriminator width / generator width": "判别器宽度 / 生成器宽度",
    "State of the discriminator by capacity ratio, all recipes": "各容量比下判别器的状态，全部配方",
    "vanishing gradient": "梯度消失",
    "AUC real–fake": "AUC 真–假",
    "interval": "区间",
}

_LOSS = {
    "A badly designed loss or badly chosen parameters": "损失函数设计不当或参数选取不当",
    "Training is unstable because the loss is badly designed or parameters are badly chosen.": (
        "训练不稳定，是因为损失函数设计不当，或参数选取不当。"
    ),
    "Momentum, penalty weights and separate rates of the two players were left at each recipe's own values.": (
        "动量、惩罚项权重以及双方各自的学习率均保持各配方自身的取值。"
    ),
    "same multiple of own rate": "自身学习率的相同倍数",
    "{who} at {rate} own rate against {own}": "{who}：自身学习率的 {rate} 对比 {own}",
    "{who} at {rate} own rate": "{who}，自身学习率的 {rate}",
    "Loss": "损失函数",
    "Learning rate": "学习率",
    "Too few runs to judge the learning rate of {recipes} by itself.": (
        "运行过少，无法单独判断 {recipes} 的学习率。"
    ),
    "Not measured: no two runs differ in the loss alone or in the learning rate alone.": (
        "未测得：没有两次运行只在损失函数或只在学习率上不同。"
    ),
    "Nothing: every run has the same loss and the same learning rate.": (
        "无：所有运行的损失函数和学习率都相同。"
    ),
    "Recipes {recipes} with their own optimizer and critic steps, learning rates {scales} of each recipe's "
    "own; {levels}.": "配方 {recipes}，均用其自身的优化器与判别器步数，学习率为各配方自身的 {scales}；{levels}。",
    "learning rate over the recipe's own": "学习率与配方自身学习率之比",
    "the same setting": "同一个设置",
    "the same {cells} settings": "相同的 {cells} 个设置",
    "Recipe and learning rate in {settings} of all else": "其余条件取{settings}时的配方与学习率",
    "{runs}: every recipe at every rate in {settings} of capacity ratio, data size and all else, {seeds} "
    "each. In brackets: Wilson 95 % for failure rates; stratified bootstrap for scores, its worth is in the "
    "data. A square of fewer than {pairs} runs is a map, no claim.": (
        "{runs}：每个配方在每个学习率下，容量比、数据量及其余条件取{settings}，各 {seeds}。"
        "方括号内：失败率为 Wilson 95 % 区间；得分为分层 bootstrap 区间，其实际覆盖率见数据表。"
        "不足 {pairs} 次运行的方格只作示意，不构成论断。"
    ),
}

_DATA = {
    "Too few training data": "训练数据太少",
    "Training is unstable because there are too few data, or poor ones.": (
        "训练不稳定，是因为数据太少，或数据质量差。"
    ),
    "Not measured: the data size takes fewer than two values.": "未测得：数据量的取值少于两个。",
    "{few:,.0f} training samples against {many:,.0f}": "{few:,.0f} 个训练样本，对比 {many:,.0f} 个",
    "{size:,.0f} training samples": "{size:,.0f} 个训练样本",
    "{few:,.0f} samples against {many:,.0f}": "{few:,.0f} 个样本对比 {many:,.0f} 个",
    "AUC of the discriminator between training and held-out images": "判别器区分训练图像与留出图像的 AUC",
    "data-copying statistic C_T (below −3 copies)": "数据复制统计量 C_T（低于 −3 即为复制）",
    "Starved of data: in {starved} of {settings} settings coverage or recall is at least a tenth lower at {few:,.0f} training samples than at {many:,.0f}, in more seeds than chance allows.": "数据不足：在 {settings} 种设置中的 {starved} 种里，{few:,.0f} 个训练样本时的覆盖率或召回率比 {many:,.0f} 个时至少低十分之一，且一致的种子多于偶然所允许。",
    "Settings starved of data": "数据不足的设置",
    "starved": "数据不足",
    "coverage falls": "覆盖率下降",
    "recall falls": "召回率下降",
    "median change of coverage": "覆盖率变化的中位数",
    "share of authentic samples": "真正新样本的比例",
    "{sign}, {sizes}: {change}.": "{sign}，{sizes}：{change}。",
    "A perfect copy of the training images would score {few} at {few_size} samples and {many} at "
    "{many_size}: {cost} is the data's own shortfall, whatever the GAN does.": (
        "完美复制训练图像者，在 {few_size} 个样本时得分为 {few}，在 {many_size} 个时为 {many}："
        "{cost} 是数据本身的不足，与 GAN 无关。"
    ),
    "The runs themselves changed by {change}, {blame}.": "运行本身的变化为 {change}，{blame}。",
    "more than that, so training adds to it": "大于该值，可见训练使其加重",
    "as much as that, so the data alone can account for it": "与该值相当，仅凭数据即可解释",
    "less than that, so the data alone can account for it": "小于该值，仅凭数据即可解释",
    "Nothing: every run of a dataset sees the same number of training samples.": (
        "无：同一数据集的所有运行使用相同数量的训练样本。"
    ),
    "{levels}; recipes {recipes} with their own settings. Runs are scored against the same held-out samples, "
    "whatever they trained on.": (
        "{levels}；配方 {recipes}，均用其自身设置。无论用什么数据训练，得分都针对同一批留出样本计算。"
    ),
    "Failure, score, discriminator gap and memorisation against data size": (
        "失败率、得分、判别器差距与记忆化随数据量的变化"
    ),
    "{runs} whose cell was run at every data size, {seeds}; capacity ratios pooled. Bars: Wilson 95 % for "
    "failure rates, stratified bootstrap else. Dashed: what a perfect copy of that many training samples "
    "would get, mean of several draws. Dotted: no gap (AUC 0.5), limit of copying (C_T = −3).": (
        "{runs}，其单元在每个数据量下都有运行，{seeds}；合并了各容量比。误差棒：失败率为 Wilson 95 % 区间，"
        "其余为分层 bootstrap 区间。虚线：完美复制同样多训练样本时的取值，为多次抽取的平均。"
        "点线：无差距（AUC 0.5）、复制的界限（C_T = −3）。"
    ),
    "{measure} against data size": "{measure}随数据量的变化",
    "AUC train–holdout": "AUC 训练–留出",
    "coverage": "覆盖率",
    "data copying C_T": "数据复制 C_T",
    "authentic share": "真正新样本比例",
    "perfect copy": "完美复制",
    "score of a perfect copy": "完美复制的得分",
}

_WASSERSTEIN = {
    "Wasserstein losses": "Wasserstein 损失",
    "Wasserstein GANs train more stably than the original, minimax GAN.": (
        "Wasserstein GAN 的训练比原始的 minimax GAN 更稳定。"
    ),
    "Not measured: no Wasserstein run has a minimax run to be compared with.": (
        "未测得：没有可与 Wasserstein 运行比较的 minimax 运行。"
    ),
    "equal critic steps": "相同判别器步数",
    "one common optimizer": "同一优化器",
    "critic steps alone": "只改判别器步数",
    "a Wasserstein recipe and minimax or nsgan with the same number of critic steps": (
        "Wasserstein 配方与 minimax 或 nsgan 使用相同的判别器步数"
    ),
    "a Wasserstein recipe and minimax or nsgan under one optimizer and one learning rate": (
        "Wasserstein 配方与 minimax 或 nsgan 使用同一优化器和同一学习率"
    ),
    "a recipe against itself with another number of critic steps": "配方与改变判别器步数后的自身比较",
    "No control of this kind was run: {control}.": "未运行此类对照：{control}。",
    ", {steps} each": "，各 {steps}",
    ", both with {optimizer}": "，均用 {optimizer}",
    "{recipe} with {steps}": "{recipe} 用 {steps}",
    "its own {steps}": "其自身的 {steps}",
    "Wasserstein recipes against minimax at each capacity ratio": "各容量比下 Wasserstein 配方对比 minimax",
    "The same under equal conditions": "同等条件下的相同比较",
    "Nothing: no dataset was run with both a minimax and a Wasserstein loss.": (
        "无：没有数据集同时用 minimax 和 Wasserstein 损失运行过。"
    ),
    "Recipes {recipes}, each with its own optimizer and critic steps, at the same multiples of their own "
    "rates; {levels}.": "配方 {recipes}，各用其自身的优化器与判别器步数，学习率取自身的相同倍数；{levels}。",
}

_TUNING = {
    "A tuned learning rate": "调优后的学习率",
    "Carefully chosen training parameters make training stable.": "精心选取的训练参数能使训练稳定。",
    "Only the learning rate was tuned, both players' together; betas, penalty weights and critic steps were "
    "not.": "只调了学习率，且双方一起调；beta、惩罚项权重和判别器步数未调。",
    "rate tuned on {seeds} against {own}": "在 {seeds}上调优的学习率，对比 {own}",
    "the tuned rate": "调优后的学习率",
    "the recipe's own ({own})": "配方自身的学习率（{own}）",
    "Recipe by recipe": "逐个配方",
    "Tuned against own learning rate, on seeds that did not choose it": (
        "调优后的学习率对比自身学习率，所用种子未参与选取"
    ),
    "In how many cells each rate was the best": "各学习率在多少个单元中最好",
    "Nothing: every run has its recipe's one learning rate.": "无：所有运行都用其配方的唯一学习率。",
    "Learning rates {scales} of each recipe's own. For each cell the rate with the best mean score over "
    "seeds {choosing} was chosen; tuned and own rate are compared on seeds {judging} only.": (
        "学习率为各配方自身的 {scales}。每个单元选取在种子 {choosing} 上平均得分最高的学习率；"
        "调优后的与自身的学习率只在种子 {judging} 上比较。"
    ),
    "Not measured: the learning rate takes fewer than two values.": "未测得：学习率的取值少于两个。",
    "Not measured: no run has its recipe's own learning rate to compare with.": (
        "未测得：没有运行使用其配方自身的学习率以供比较。"
    ),
    "Not measured: with one seed there is none left to judge a choice on.": (
        "未测得：只有一个种子，没有剩余的种子来评判所作的选取。"
    ),
}

_CONTRASTS = {
    "measure": "指标",
    "failure rate": "失败率",
    "score": "得分",
    "Failure rate": "失败率",
    "Score": "得分",
    "comparison": "比较",
    "runs of": "所属运行",
    "treated": "处理组",
    "baseline": "对照组",
    "difference": "差异",
    "p adjusted": "校正后的 p",
    "if undecided": "未定者的影响",
    "pairs": "配对数",
    "agree": "方向一致",
    "not judged": "未判定",
    "{p} ({correction}, {family})": "{p}（{correction}，{family}）",
    "difference in percentage points; left of 0: fewer failures": "差异（百分点）；0 的左侧：失败更少",
    "difference of IQM scores; right of 0: better": "IQM 得分之差；0 的右侧：更好",
    "Pairs of runs with the same seed and the same cell in all else. Bars: Newcombe 95 % for failure rates, "
    "paired stratified bootstrap for scores. Strong: the comparisons that decide.": (
        "配对运行的种子相同，其余条件的单元也相同。误差棒：失败率为 Newcombe 95 % 区间，"
        "得分为配对分层 bootstrap 区间。粗线：起决定作用的比较。"
    ),
}

_SUMMARIES = {
    "P(failure)": "P(失败)",
    "bounds": "上下界",
    "score (IQM)": "得分（IQM）",
}

_OUTCOMES = {
    "There are no runs.": "没有运行。",
    "None of {runs} was still improving when its budget ended.": "{runs}中没有一次在预算用尽时仍在改进。",
    "{undecided:,} of {runs} ({share}) were still improving when their budget ended. They are counted neither "
    "as failed nor as stable: {failed} of the decided runs failed; had every undecided run become stable it "
    "would be {low} of all, had every one failed {high}.": (
        "{runs}中有 {undecided:,} 次（{share}）在预算用尽时仍在改进，既不算失败也不算稳定："
        "已判定的运行中 {failed} 失败；若未定的运行全部变为稳定，则占全部的 {low}，若全部失败，则为 {high}。"
    ),
    "Stable, failed and undecided by recipe and learning rate": "按配方与学习率划分的稳定、失败与未定",
    "share of runs": "运行的比例",
    "stable": "稳定",
    "share": "比例",
    "P(failure) of decided": "已判定者的 P(失败)",
    "All datasets and cells together. × is the multiple of the recipe's own learning rate.": (
        "合并全部数据集与单元。× 为配方自身学习率的倍数。"
    ),
    "Outcomes per dataset and recipe": "各数据集与配方的结局",
    "Each run has one outcome; all but converged and still-improving are failures.": (
        "每次运行有且只有一个结局；除 converged 与 still-improving 外均为失败。"
    ),
    "Mechanism flags by outcome, share of its runs": "各结局的机制标记，占其运行的比例",
    "outcome": "结局",
    "Mode collapse on mixtures with known modes": "已知模式的混合分布上的模式坍塌",
    "{runs}, {seeds}; IQM with stratified bootstrap. Line: all modes of the data.": (
        "{runs}，{seeds}；IQM 与分层 bootstrap 区间。竖线：数据的全部模式。"
    ),
    "{dataset}: {measure}": "{dataset}：{measure}",
    "modes with at least one sample": "至少有一个样本的模式数",
    "share of samples near a mode": "靠近某一模式的样本比例",
    "collapsed": "坍塌数",
    "modes": "模式数",
    "high quality": "高质量比例",
    "modes in all": "模式总数",
}

_GROUNDS = {
    "Run {run}: {variant}, capacity ratio {ratio}, rate {rate}, {size:,.0f} training samples, seed "
    "{seed:.0f}; score {score}.": (
        "运行 {run}：{variant}，容量比 {ratio}，学习率 {rate}，{size:,.0f} 个训练样本，种子 {seed:.0f}；得分 {score}。"
    ),
    "Rule: {rule}; {onset}.": "规则：{rule}；{onset}。",
    "{rule} ({detail})": "{rule}（{detail}）",
    "no onset": "没有起始点",
    "set in at generator update {step:,.0f}": "始于第 {step:,.0f} 次生成器更新",
    "{heading} ({runs})": "{heading}（{runs}）",
    "{heading}: what the outcome rests on": "{heading}：结局的依据",
    "{heading}: mechanisms": "{heading}：机制",
    "number": "数值名",
    "value": "取值",
    "limit": "界限",
    "mechanism": "机制",
    "at work": "是否起作用",
    "detail": "细节",
    "numbers (limits)": "数值（界限）",
    "not applicable": "不适用",
}

_ERROR_RATES = {
    "Runs were judged by no one version of the limits, so no error rate applies to all.": (
        "各次运行的判定并非出自同一版本的界限，因此没有适用于全部运行的误判率。"
    ),
    "The error rates of limits {version} were not measured; python -m bench.detectors does that.": (
        "界限 {version} 的误判率尚未测量；可用 python -m bench.detectors 测量。"
    ),
    "Detectors under limits {limits} name {samplers} of planted samplers and {traces} of planted traces at "
    "twice the severity at which they start to count, and raise a false alarm on {healthy} of healthy runs. "
    "Measured on seeds {first} to {last}, tuned on others, by: {command}": (
        "在界限 {limits} 下，当严重程度为开始计数时的两倍，检测器正确指认植入采样器的比例为 {samplers}，"
        "植入轨迹的比例为 {traces}；对健康运行的误报比例为 {healthy}。"
        "在种子 {first} 至 {last} 上测量，在其他种子上调试，命令：{command}"
    ),
    "{rate} {interval} of {trials:,}": "{rate} {interval}（共 {trials:,}）",
    "What is required of the detectors": "对检测器的要求",
    "what": "项目",
    "wanted": "要求",
    "found": "结果",
    "met": "达标",
    "not checked": "未检查",
    "recall of planted samplers at twice the threshold severity": "两倍阈值严重程度下植入采样器的召回率",
    "recall of planted traces at twice the threshold severity": "两倍阈值严重程度下植入轨迹的召回率",
    "false alarms on healthy runs": "健康运行上的误报",
    "false flags of each mechanism": "各机制的误标",
    "label flips, planted and trained runs": "标签翻转，植入的与训练的运行",
    "label flips, held-out runs": "标签翻转，held-out 运行",
    "calibration gate": "校准门槛",
    "planted real runs named (expected, not required)": "被指认的植入真实运行（预期，非要求）",
    "each at least 95%": "各至少 95%",
    "each at least 80%": "各至少 80%",
    "each at most 2%": "各至多 2%",
    "at most 2% of at least 200": "至少 200 次中至多 2%",
    "each limit below 10%": "各界限均低于 10%",
    "best cells on digits, fresh seeds: 80% stable, no recipe less beyond chance": "digits 上的最好单元，新种子：80% 稳定，没有配方超出偶然地更低",
    "Planted failures (rows) and what they were judged to be (columns)": "植入的失败（行）与得到的判定（列）",
    "planted": "植入",
    "planted fault": "植入的故障",
    "data": "数据",
    "should be named": "应指认为",
    "trials": "试验数",
    "named": "指认率",
    "by severity": "按严重程度",
    "Recall of planted samplers": "植入采样器的召回率",
    "Recall of planted traces": "植入轨迹的召回率",
}

_PICTURES = {
    "Real samples of {name}.": "{name} 的真实样本。",
    "{recipe}, ratio {ratio}, {size:,.0f} samples": "{recipe}，容量比 {ratio}，{size:,.0f} 个样本",
    "Samples of run {run}: {where}, {outcome}, score {score}.": (
        "运行 {run} 的样本：{where}，{outcome}，得分 {score}。"
    ),
    "{where}, score {score}": "{where}，得分 {score}",
    "no run has a verdict.": "没有运行得到判定。",
    "the records did not come from a results folder.": "这些记录并非来自结果文件夹。",
}

_THROUGHPUT = {
    "No run recorded its time.": "没有运行记录其时间。",
    "{runs} took {time} of one core: {shares}. A run's time is its share of its cohort, so updates per "
    "second are those of the whole program, all members together.": (
        "{runs}共占用单核 {time}：{shares}。一次运行的时间是其在所属批次中的份额，"
        "因此每秒更新次数是整个程序、全部成员合计的。"
    ),
    "training": "训练",
    "evaluation": "评估",
    "compilation": "编译",
    "compilation and warm-up": "编译与预热",
    "discriminator updates": "判别器更新",
    "drawing data": "抽取数据",
    "other training": "其他训练",
    "{phase}, s": "{phase}，s",
    "Throughput on {dataset}, generator width {width:g}": "{dataset} 上的吞吐量，生成器宽度 {width:g}",
    "Median over {runs}; bars: middle half of the runs. Training alone, without evaluation, compilation and "
    "warm-up; a generator update includes its critic steps. The split is in seconds per 1,000 generator "
    "updates, all sizes together.": (
        "{runs}的中位数；误差棒：居中一半的运行。只计训练，不含评估、编译与预热；一次生成器更新包含其判别器步。"
        "各阶段以每 1,000 次生成器更新的秒数计，合并全部规模。"
    ),
    "Generator updates per second": "每秒生成器更新次数",
    "generator updates per second": "每秒生成器更新次数",
    "Seconds per 1,000 updates by phase": "各阶段每 1,000 次更新的秒数",
    "seconds per 1,000 updates": "每 1,000 次更新的秒数",
    "Throughput per recipe and size; phases in seconds per 1,000 generator updates": (
        "各配方与规模的吞吐量；各阶段以每 1,000 次生成器更新的秒数计"
    ),
    "mode": "执行方式",
    "updates/s": "更新/s",
    "samples/s": "样本/s",
    "middle half": "居中一半",
    "peak MB": "峰值 MB",
}

_CELLS = {
    "G width": "G 宽度",
    "G depth": "G 深度",
    "D depth": "D 深度",
    "rate": "学习率倍数",
    "latent": "潜变量维数",
    "batch": "批量",
    "packing": "打包数",
    "order": "更新顺序",
    "defect": "缺陷",
    "updates": "更新次数",
    "ended as": "结局",
    "spread": "范围",
    "distance": "距离",
    "Below {seeds} seeds the score is the median with its range, from there on the IQM with its interval.": (
        "不足 {seeds} 个种子时，得分为中位数及其范围；达到后为 IQM 及其区间。"
    ),
}

_METHOD = {
    "Score: 1 − clip(q, 0, 1), where q is the log distance to held-out data, 0 for real data and 1 for an "
    "untrained generator; a diverged run scores 0. Scores are pooled as interquartile means (IQM).": (
        "得分：1 − clip(q, 0, 1)，其中 q 为到留出数据的对数距离，真实数据为 0，未训练的生成器为 1；"
        "发散的运行得 0 分。得分以四分位均值（IQM）汇总。"
    ),
    "P(failure) counts decided runs. Undecided ones (still improving) are outside, and the bounds show what "
    "they could change: all of them stable, all of them failed.": (
        "P(失败) 只计已判定的运行。未定者（仍在改进）不计入，上下界表示它们可能带来的变化：全部稳定，或全部失败。"
    ),
    "Comparisons pair runs that are alike in everything but the one thing compared, seed included. Failure "
    "rates: Newcombe's interval for paired shares and McNemar's exact test. Scores: paired bootstrap, "
    "resampled within cells ({reps:,} repetitions, seed {seed}), and a test that flips the signs of pairs.": (
        "比较时将除所比较的一点外完全相同（包括种子）的运行配对。失败率：配对比例的 Newcombe 置信区间与 McNemar "
        "精确检验。得分：配对 bootstrap，在单元内重抽样（重复 {reps:,} 次，种子 {seed}），以及翻转配对符号的检验。"
    ),
    "The bootstrap's nominal 95 % holds the truth less often where seeds are few, in our simulations "
    "{coverage}; an interval from few seeds is labelled with that number. Wilson and Newcombe intervals "
    "treat runs as independent; runs that share a seed share their data subset, so every comparison also "
    "says how many seeds agree.": (
        "种子较少时，名义 95 % 的 bootstrap 区间包含真值的频率更低，在我们的模拟中为 {coverage}；"
        "由少量种子得到的区间标有该数值。Wilson 与 Newcombe 区间把运行视为独立；种子相同的运行共用数据子集，"
        "因此每项比较还说明有多少个种子方向一致。"
    ),
    "A comparison is judged from {pairs} pairs of runs (decided ones for rates) and {seeds} seeds on. It "
    "shows something if its 95 % interval excludes zero, it is at least {worth} in size and its corrected p "
    "is small: Holm at 0.05 over the comparisons that decide a claim, Benjamini–Hochberg at 0.10 over all "
    "others.": (
        "一项比较至少要有 {pairs} 个运行配对（失败率只计已判定的）和 {seeds} 个种子才作判定。若其 95 % 区间不含零、"
        "差异不小于 {worth}，且校正后的 p 足够小，才算显示差异：对论断起决定作用的比较用 Holm 校正（0.05），"
        "其余全部用 Benjamini–Hochberg 校正（0.10）。"
    ),
    "{pooled} ({single} for a single cell) at {seeds} seeds": "{seeds} 个种子时 {pooled}（单个单元 {single}）",
    "Verdicts by thresholds of version {versions}.": "判定所用阈值的版本：{versions}。",
    "Limits were calibrated on runs of {known}. On {others} they lie as far from what the data allow, but no pilot has shown that the best runs there pass them: compare recipes on the same data, and do not read their share of stable runs as a share of what could be had.": "阈值在 {known} 的运行上校准。在 {others} 上，阈值与数据所允许的水平保持同样的距离，但没有预试验表明那里最好的运行能够达到：请在相同数据上比较配方，不要把稳定运行的比例读作可达到的比例。",
    "Fréchet distances are {names}: by a classifier of this data, not by Inception, and not comparable with "
    "published scores.": (
        "Fréchet 距离为 {names}：由该数据的分类器而非 Inception 计算，不能与已发表的分数比较。"
    ),
    "{left} further lines in environment.json": "environment.json 中另有 {left} 行",
    "Verdict columns": "判定相关的列",
    "Scores of samples": "样本的评分",
    "Diagnostics of training": "训练的诊断",
    "Speed": "速度",
    "column": "列",
    "unit": "单位",
    "meaning": "含义",
    "What the runs were made on": "运行所用的环境",
    "item": "项目",
}

_FIGURES = {
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

_PAGE = {
    "Skip to the findings": "跳到结论",
    "profile {name}": "配置 {name}",
    "Sections": "章节",
    "What is missing": "缺失的内容",
    "Causes": "原因",
    "Remedies": "对策",
    "Cause {n}": "原因 {n}",
    "Remedy {n}": "对策 {n}",
    "All {comparisons}": "全部 {comparisons}",
    "Varied": "变化的因素",
    "Not measured": "未测得",
    "The comparisons that decide": "起决定作用的比较",
    "Undecided runs": "未定的运行",
    "How runs ended": "运行如何结束",
    "No run has a verdict.": "没有运行得到判定。",
    "What verdicts rest on": "判定的依据",
    "For each outcome the run nearest to the median score. Grey: what the rule looked at. Dashed line: the "
    "onset. Dotted line: the limit. The numbers behind every verdict are in {file}.": (
        "每种结局取得分最接近中位数的运行。灰色：规则所考察的部分。虚线：起始点。点线：界限。"
        "每个判定背后的数值见 {file}。"
    ),
    "No run has a verdict whose evidence is stored.": "没有运行的判定存有依据。",
    "There are no pictures: {why}": "没有图片：{why}",
    "One row per cell: one grid point, all its seeds. {note} Every run is in {file}.": (
        "每行一个单元：一个网格点及其全部种子。{note}每次运行见 {file}。"
    ),
    "{cells} further cells are left off this page.": "另有 {cells} 个单元未列于本页。",
    "Table of cells": "单元表",
    "Every cell with its runs, outcome, score and speed": "每个单元的运行、结局、得分与速度",
    "There are no cells to show.": "没有可显示的单元。",
    "No environment.json stands beside the results: machine, versions and thread counts are unknown.": (
        "结果旁没有 environment.json：机器、版本与线程数未知。"
    ),
    "Definitions and method": "定义与方法",
    "The numbers: {files}; every column is explained under {definitions}.": (
        "数据文件：{files}；每一列的解释见{definitions}。"
    ),
    "Data behind this figure": "此图的数据",
    "{pictures} could not be shown: missing, unreadable or too large.": (
        "{pictures}无法显示：缺失、不可读或过大。"
    ),
    "None of the pictures of this dataset is there.": "此数据集没有任何图片。",
    "Real data": "真实数据",
    "no picture of real data": "没有真实数据的图片",
    "no picture": "没有图片",
}

_VARIANCE = {
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

_PRICES = {
    "tuned rate": "调优学习率",
    "faster D": "判别器更快",
    "slower D": "判别器更慢",
    "{remedy}, {level}": "{remedy}，{level}",
    "clean / {name}": "干净 / {name}",
    "augmented": "增强",
    "more data": "更多数据",
    "cleaner data": "更干净的数据",
    "Not measured: {remedy} ({reason}).": "未测量：{remedy}（{reason}）。",
    "{remedy}: {verdict}, score {change} {span} ({runs}). A run is timed with its averaging, so what that costs is not known.": "{remedy}：{verdict}，得分 {change} {span}（{runs}）。运行的计时包含权重平均，其单独代价未知。",
    "Holm corrects over {failures} failure rates, over {scores} final scores, and over {budgets} scores at equal budgets, the averaged generator's among them. Failure rates are of whole runs: a verdict needs the whole curve, so they are not compared at equal samples or seconds. A run that diverged scores 0 from there on. A recipe is compared as a whole: with its loss come its optimizer and critic steps, and what these do alone is among the claims above.": "按 Holm 法校正：{failures} 个失败率为一族，{scores} 个最终得分为一族，{budgets} 个等预算得分（含平均生成器）为一族。失败率针对完整运行：判定需要整条曲线，因此不在等样本数或等秒数下比较。发散的运行自发散起得 0 分。配方作为整体比较：损失函数连同其优化器与判别器步数；这些单独的作用见上文各论断。",
    "Hurts at equal steps: {names}.": "在等步数下有害：{names}。",
    "Hurts at equal samples: {names}.": "在等样本数下有害：{names}。",
    "Hurts at equal seconds: {names}.": "在等秒数下有害：{names}。",
    "{amount} benchmarks": "{amount} 项基准",
    "{amount} regressions": "{amount} 处退步",
    "{amount} revisions": "{amount} 个版本",
    "{difference}, {verdict}": "{difference}，{verdict}",
    "Remedies with their price": "补救措施及其代价",
    "Prices": "代价",
    "Not measured: {remedy} ({runs}).": "未测量：{remedy}（{runs}）。",
    "No remedy has pairs of runs enough to be priced.": "没有哪种补救措施有足够的配对可供计价。",
    "Hurts rather than helps: {names}.": "有害而无益：{names}。",
    "No difference shown: {names}.": "未显示差异：{names}。",
    "Wasserstein with clipping, against minimax": "带裁剪的 Wasserstein，对比 minimax",
    "Wasserstein with penalty, against minimax": "带惩罚项的 Wasserstein，对比 minimax",
    "Wasserstein with penalty, against non-saturating": "带惩罚项的 Wasserstein，对比非饱和损失",
    "R1 penalty, against non-saturating": "R1 惩罚，对比非饱和损失",
    "Relativistic with R1 and R2, against R1 alone": "带 R1 与 R2 的相对损失，对比仅用 R1",
    "no grid holds both {left} and {right}": "没有网格同时包含 {left} 与 {right}",
    "Learning rate tuned on other seeds, against the recipe's own": "在其他种子上调优的学习率，对比配方自身的学习率",
    "no grid varies the learning rate over two seeds or more": "没有网格在两个以上的种子上改变学习率",
    "Faster discriminator, against one learning rate": "更快的判别器，对比单一学习率",
    "Slower discriminator, against one learning rate": "更慢的判别器，对比单一学习率",
    "Discriminator's learning rate {ratio} of the generator's, against the same": "判别器学习率为生成器的 {ratio}，对比两者相同",
    "Augmentation by {name}, against none": "用 {name} 增强，对比不增强",
    "Clean data, against {defect}": "干净数据，对比 {defect}",
    "no grid varies the discriminator's learning rate alone": "没有网格单独改变判别器的学习率",
    "Augmentation, against none": "数据增强，对比不增强",
    "no grid varies the augmentation": "没有网格改变数据增强",
    "All data, against fewest": "全部数据，对比最少数据",
    "no grid varies the number of training samples": "没有网格改变训练样本数",
    "Clean data, against spoiled": "干净数据，对比受损数据",
    "no grid varies the defects of training data": "没有网格改变训练数据的缺陷",
    "Averaged generator, against the live one of the same run": "平均生成器，对比同一运行的当前生成器",
    "{pairs} pairs of runs alike in all else, seed included. The richer run is read at the last evaluation within the poorer one's budget; seconds are training seconds in proportion to steps. Bars: paired stratified bootstrap, {levels}.": "{pairs} 个配对，其余条件（含种子）全部相同。预算较多的运行取其在较少预算之内的最后一次评估；秒数为按步数折算的训练秒数。误差棒：配对分层自助法，{levels}。",
    "What remedies gain for the same effort": "同等投入下补救措施的收益",
    "{remedy}: {verdict}. Failure rate {failure}, score at equal steps {steps}, at equal samples {samples}, at equal seconds {seconds}; a step costs {cost} ({pairs}, {seeds}).": "{remedy}：{verdict}。失败率 {failure}，等步数得分 {steps}，等样本数 {samples}，等秒数 {seconds}；每步代价 {cost}（{pairs}，{seeds}）。",
    "At equal generator steps": "等生成器步数",
    "At equal samples": "等样本数",
    "At equal seconds": "等秒数",
    "{change} {span}": "{change} {span}",
    "helps": "有益",
    "hurts": "有害",
    "remedy": "补救措施",
    "verdict": "判定",
    "score at equal steps": "等步数得分",
    "at equal samples": "等样本数",
    "at equal seconds": "等秒数",
    "cost of a step": "每步代价",
    "p (Holm)": "p（Holm）",
}

_TUNING_CURVES = {
    "Scores for a budget of tuning": "一定调优预算下的得分",
    "Tuning curves": "调优曲线",
    "No two recipes share {fewest} trials of one search.": "没有两个配方在同一搜索中共有 {fewest} 次试验。",
    "{dataset}: with {trials} trials {best} is expected to reach {score} {span}, with one {single}.": "{dataset}：{trials} 次试验时 {best} 的期望最佳得分为 {score} {span}，一次试验时为 {single}。",
    "{told} A tie: {names} cannot be told from it.": "{told}并列：{names} 与之无法区分。",
    "{told} Its interval overlaps no other.": "{told}其区间与其他配方均不重叠。",
    "{dataset}: {trials} trials of each recipe, the same for all: {space}.": "{dataset}：每个配方 {trials} 次试验，各配方相同：{space}。",
    "The expected best of k trials is the mean over all choices of k from the search, without replacement, up to half of it. Bands are for other trials of the same search: what share of them lies below each that was run is drawn, and no score lies outside 0 to 1. A diverged trial scores 0. Seeds are drawn as settings are, so that luck counts as it does in a search.": "k 次试验的期望最佳值是从搜索中无放回选取 k 次的全部选法的均值，至多取其一半。误差带针对同一搜索的其他试验：抽取其中低于每个已运行试验的比例，且得分不超出 0 到 1。发散的试验得 0 分。种子与设置一同抽取，运气因此与真实搜索中一样计入。",
    "expected best score": "期望最佳得分",
    "Expected best score on {dataset}": "{dataset} 上的期望最佳得分",
    "By trials": "按试验次数",
    "By training seconds": "按训练秒数",
    "{trials} trials of each recipe. Bars: where the mean over other trials may lie, {level}.": "每个配方 {trials} 次试验。误差棒：其他试验的均值可能所在的范围，{level}。",
    "training seconds": "训练秒数",
    "seconds": "秒数",
}

_INTERVENTIONS = {
    "Not explained by these three: with all remedies {all} of runs are stable, without any {none} ({rise}), over {pairs} pairs of runs of {cells} failing cells on {seeds} fresh seeds.": "这三种原因不能解释：全部补救时 {all} 的运行稳定，全无补救时 {none}（{rise}），共 {pairs} 个配对，来自 {cells} 个失败单元、{seeds} 个新种子。",
    "Of that, by Shapley's rule, {c} are due to capacity, {l} to the loss and {d} to data.": "其中按 Shapley 规则，{c} 归于容量，{l} 归于损失函数，{d} 归于数据。",
    "None dominates: no share is shown to exceed both others.": "没有主导者：未显示有哪一份超过另外两份。",
    "With all three remedies {all} of runs are stable, without any {none}: {rise}, over {pairs} pairs of runs of {cells} failing cells on {seeds} fresh seeds.": "三种补救齐用时 {all} 的运行稳定，全不用时 {none}：{rise}，共 {pairs} 个配对，来自 {cells} 个失败单元、{seeds} 个新种子。",
    "Only one remedy changes these cells; there is nothing to share out.": "只有一种补救措施改变了这些单元；无从分摊。",
    "Most is due to {name}: its share exceeds each other's, by intervals.": "主要归于{name}：按区间，其份额超过其余各份。",
    "Remedies: a discriminator as wide as its generator; loss and regularizer of nsgan-r1 with the cell's own optimizer, rates and critic steps; all training samples. Nothing else changes.": "补救措施：判别器与生成器同宽；采用 nsgan-r1 的损失函数与正则项，优化器、学习率与判别器步数仍为该单元自身的；使用全部训练样本。其余不变。",
    "Which cause was it? Remedies tried one by one and together": "是哪个原因？逐一并合并施用补救措施",
    "Interventions": "干预",
    "Not measured: no grid holds a failing cell with every set of the three remedies. ganbench attribute DIR trains some.": "未测量：没有网格包含施以三种补救措施全部组合的失败单元。ganbench attribute DIR 可训练一些。",
    "Nothing is claimed: {pairs} pairs of runs ({distinct} different ones) on {seeds} fresh seeds, at least {least} on {few} are needed.": "不作论断：{seeds} 个新种子上有 {pairs} 个配对（其中 {distinct} 个互异），至少需要 {few} 个种子上的 {least} 个。",
    "A cell chosen because it failed gets better by chance: seeds on which it ran elsewhere in this folder are never used here. Undecided runs count as not stable. All seeds alike give a bar without width; that is not certainty. These runs take no part in the claims. Bars speak of these cells on other seeds, not of others.": "因失败而被选中的单元会因偶然而变好：它在本文件夹别处用过的种子在此绝不使用。未定的运行按不稳定计。各种子结果相同时误差棒没有宽度；那并非确定。这些运行不参与各论断。误差棒说的是这些单元在其他种子上的情形，而非其他单元。",
    "{left} further cells are in interventions.csv and in all cells together.": "另有 {left} 个单元见 interventions.csv 及全部单元合计。",
    "Grid {grid} holds no whole factorial: {why}.": "网格 {grid} 不含完整的析因设计：{why}。",
    "{cell}: already at its remedy in {letters}, whose share is 0.": "{cell}：在 {letters} 上已处于补救状态，其份额为 0。",
    "{cell}: {count} of its runs are undecided.": "{cell}：其中 {count} 次运行未定。",
    "{cell}: {count} seeds are left out, it ran on them elsewhere.": "{cell}：略去 {count} 个种子，它在别处用过。",
    "{cell}: {count} seeds are left out, a set lacks a judged run.": "{cell}：略去 {count} 个种子，某一组合缺少有判定的运行。",
    "The score rises all the same, by {rise} {span}.": "得分仍然上升 {rise} {span}。",
    "Remedies of {first} and {second} need each other: together {more} beyond the sum.": "{first}与{second}的补救措施相互依赖：合用比之和多 {more}。",
    "Remedies of {first} and {second} replace each other: {more} beyond the sum.": "{first}与{second}的补救措施可相互替代：合用比之和多 {more}。",
    "sets without any judged run: {sets}": "没有任何有判定运行的组合：{sets}",
    "no fresh seed has a judged run in every set": "没有新种子在每个组合中都有有判定的运行",
    "no run has a discriminator as wide as its generator": "没有运行的判别器与生成器同宽",
    "no run has the loss nsgan-r1": "没有运行采用损失函数 nsgan-r1",
    "its runs differ in none of the three": "其运行在三者上都无差别",
    "Shares of the three remedies": "三种补救措施的份额",
    "C: capacity to 1, L: loss to nsgan-r1, D: all data; {all}: {cells} cells together. {pairs} pairs of runs on {seeds} fresh seeds. Bars: Student's t over seeds, {level}, of single cells {single}. Strong: the bar excludes zero.": "C：容量比改为 1，L：损失函数改为 nsgan-r1，D：全部数据；{all}：{cells} 个单元合计。{seeds} 个新种子上的 {pairs} 个配对。误差棒：按种子的 Student t 区间，{level}，单个单元为 {single}。粗：误差棒不含零。",
    "Under every set of remedies": "各补救组合之下",
    "too few to say": "太少，无法断言",
    "not explained by these three": "这三种原因不能解释",
    "explained, most by {letter}": "可解释，以 {letter} 为主",
    "explained": "可解释",
    "capacity": "容量",
    "cell": "单元",
    "all": "全部",
    "run": "运行",
    "seed": "种子",
}

_CONTROLS = {
    "Cells of {what}": "{what} 的单元",
    "Cells of this figure": "本图的单元",
    "Clear filters": "清除筛选",
    "Copied.": "已复制。",
    "Copy": "复制",
    "Copy the commands that train this cell again": "复制重新训练该单元的命令",
    "Copy the command that trains run {run} again": "复制重新训练运行 {run} 的命令",
    "Dark": "深色",
    "Recipes": "配方",
    "Runs of this cell: {runs}": "该单元的运行：{runs}",
    "Scale": "刻度",
    "Search cells and run ids": "搜索单元和运行编号",
    "Selected: press Ctrl+C or ⌘C.": "已选中：请按 Ctrl+C 或 ⌘C。",
    "{shown} of {all} cells shown": "显示 {all} 个单元中的 {shown} 个",
    "logarithmic": "对数",
    "linear": "线性",
    "{command} trains a run again: its id is in {file}, the folder is the one that holds this report's.": (
        "{command} 重新训练一次运行：编号见 {file}，文件夹是本报告所在文件夹的上一级。"
    ),
}  # fmt: skip

PARTS = (
    _WORDS, _FACTORS, _OPENING, _MISSING, _TELLING, _VERDICTS, _CAPACITY, _LOSS, _DATA, _WASSERSTEIN, _TUNING,
    _CONTRASTS, _SUMMARIES, _OUTCOMES, _GROUNDS, _ERROR_RATES, _PICTURES, _THROUGHPUT, _CELLS, _METHOD,
    _VARIANCE, _PRICES, _TUNING_CURVES, _INTERVENTIONS, _FIGURES, _PAGE, _CONTROLS,
    COLUMNS, COMPARISON, PHASE, SAMPLES, STABILITY, VARIANCE,
)  # fmt: skip
"""Each is what one module or topic says."""
CATALOGUE = {pattern: told for part in PARTS for pattern, told in part.items()}
