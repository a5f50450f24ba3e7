"""Simplified Chinese of the method and of the detectors' error rates."""

from __future__ import annotations

METHOD = {
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

ERROR_RATES = {
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

PARTS = (METHOD, ERROR_RATES)
