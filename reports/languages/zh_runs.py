"""Simplified Chinese of runs and cells: outcomes, verdicts, pictures and speed."""

from __future__ import annotations

OUTCOMES = {
    "There are no runs.": "没有运行。",
    "None of {runs} was still improving when its budget ended.": "{runs}中没有一次在预算用尽时仍在改进。",
    "{undecided:,} of {runs} ({share}) were still improving when their budget ended. They are counted neither "
    "as failed nor as stable: {failed} of the decided runs failed; had every undecided run become stable it "
    "would be {low} of all, had every one failed {high}.": (
        "{runs}中有 {undecided:,} 次（{share}）在预算用尽时仍在改进，既不算失败也不算稳定："
        "已判定的运行中 {failed} 失败；若未定的运行全部变为稳定，则占全部的 {low}，若全部失败，则为 {high}。"
    ),
    "Stable, failed and undecided by recipe and learning rate": "按配方与学习率划分的稳定、失败与未定",
    "band of learning rates": "学习率区间",
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

GROUNDS = {
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

PICTURES = {
    "Real samples of {name}.": "{name} 的真实样本。",
    "{recipe}, ratio {ratio}, {size:,.0f} samples": "{recipe}，容量比 {ratio}，{size:,.0f} 个样本",
    "Samples of run {run}: {where}, {outcome}, score {score}.": (
        "运行 {run} 的样本：{where}，{outcome}，得分 {score}。"
    ),
    "{where}, score {score}": "{where}，得分 {score}",
    "no run has a verdict.": "没有运行得到判定。",
    "the records did not come from a results folder.": "这些记录并非来自结果文件夹。",
}

THROUGHPUT = {
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

CELLS = {
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

PARTS = (OUTCOMES, GROUNDS, PICTURES, THROUGHPUT, CELLS)
