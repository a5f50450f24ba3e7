"""Simplified Chinese of the stability statistics; the glossary is in zh.py."""

from __future__ import annotations

STABILITY = {
    "Does it stay good, how soon, and at which learning rates?": "能否保持良好，多快达到，在哪些学习率下？",
    "Stability": "稳定性",
    "Best, last, area under the curve and regret": "最佳、最后、曲线下面积与遗憾值",
    "{dataset}: {worst} loses most of its best score again, {regret} {span} by the end; the best last "
    "score is that of {best}, {last} {other} (IQM of {runs}).": (
        "{dataset}：{worst} 从最佳得分回落最多，到结束时回落 {regret} {span}；最后得分最高的是 {best}，{last} {other}（{runs}的 IQM）。"
    ),
    "{dataset}: a score of {target} is reached most often by {recipe}, in {share} {span} of {runs}; "
    "median {seconds} s of training, misses counted as infinite.": (
        "{dataset}：最常达到得分 {target} 的是 {recipe}，占 {share} {span}，共 {runs}；训练时间中位数 {seconds} 秒，未达到者计为无穷。"
    ),
    "{dataset}: within twice its best distance stay {widest} over {most} {span} decades of learning "
    "rate (best score {high}) and {narrow} over {least} {other} (best score {low}).": (
        "{dataset}：距离保持在最佳值两倍以内的学习率范围，{widest} 为 {most} {span} 个数量级（最佳得分 {high}），"
        "{narrow} 为 {least} {other} 个数量级（最佳得分 {low}）。"
    ),
    "Scores of runs on {dataset}": "{dataset} 上各次运行的得分",
    "{runs} of each recipe in {settings} settings, {seeds}; IQM with stratified bootstrap, {level}, shares "
    "with Wilson limits for runs within settings, {other}. The profile is the share of runs whose last "
    "score is above each value.": (
        "每种配方 {runs}，{settings} 种设置，{seeds}；IQM 为分层 bootstrap，{level}；比例为各设置内运行的 Wilson 区间，{other}。曲线为最后得分高于各值的运行比例。"
    ),
    "Runs that reach a score on {dataset}": "{dataset} 上达到某得分的运行",
    "{runs} of each recipe; Wilson 95 %. Times are medians and quartiles of training seconds, runs that "
    "never get there counted as ∞.": (
        "每种配方 {runs}；Wilson 95 %。时间为训练秒数的中位数和四分位数，从未达到的运行计为 ∞。"
    ),
    "Probability of ending above {recipe} on {dataset}": "{dataset} 上结束时高于 {recipe} 的概率",
    "In {settings} settings alike, {runs} of each recipe: how often a run ends above one of {recipe}, ties "
    "half. Seeds of both resampled within settings, {level}. All pairs are in improvement.csv.": (
        "{settings} 种相同设置，每种配方 {runs}：一次运行结束时高于 {recipe} 的一次运行的频率，相等计一半。"
        "双方的种子在各设置内重抽样，{level}。所有配对见 improvement.csv。"
    ),
    "Decades of learning rate within twice the best distance on {dataset}": (
        "{dataset} 上距离在最佳值两倍以内的学习率数量级"
    ),
    "Up to {rates} learning rates over {tried} decades, {seeds}; medians of seeds at each rate, seeds "
    "resampled for the interval ({level}).": (
        "至多 {rates} 个学习率，跨 {tried} 个数量级，{seeds}；每个学习率取种子的中位数，区间由种子重抽样得出（{level}）。"
    ),
    "best": "最佳",
    "last": "最后",
    "area under the curve": "曲线下面积",
    "regret": "遗憾值",
    "Performance profile": "性能曲线",
    "Recipes are compared over the settings and seeds that all of them share. Area: mean score over all "
    "planned steps, 0 before the first and after a divergence. Regret: best less last evaluation; the best "
    "of a curve is chosen by looking at it, so some regret is noise.": (
        "各配方在它们共有的设置和种子上比较。面积：全部计划步数上的平均得分，首步之前和发散之后为 0。"
        "遗憾值：最佳评估减去最后一次评估；曲线的最佳值是看过之后挑出的，所以部分遗憾值只是噪声。"
    ),
    "The range of learning rates is that of the recipe's own two rates together; a recipe that is bad at "
    "every rate has a long range too, so its best score stands beside it. Ranges marked ≥ end where the "
    "rates that were tried end.": (
        "学习率范围指配方自身的两个学习率一同变化的范围；在所有学习率下都很差的配方范围也很长，所以旁边给出其最佳得分。"
        "标有 ≥ 的范围止于所试学习率的边界。"
    ),
    "No recipe was run at three learning rates in one setting: their range is not measured.": (
        "没有配方在同一设置下以三个学习率运行：未测量其范围。"
    ),
    "runs above": "高于该值的运行",
    "probability": "概率",
    "decades": "数量级",
    "score at least {target}": "得分至少 {target}",
    "reached": "达到",
    "median seconds": "秒数中位数",
    "first quartile": "第一四分位数",
    "third quartile": "第三四分位数",
    "best score": "最佳得分",
    "learning rates": "学习率数",
}
