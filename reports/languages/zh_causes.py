"""Simplified Chinese of the three causes and of what every finding says."""

from __future__ import annotations

TELLING = {
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
    "{levels} learning rates are pooled into {bands}.": "{levels} 个学习率合并为 {bands}。",
    "{low} to {high} ({levels} of them)": "{low} 至 {high}（共 {levels} 个）",
    "For each setting and seed the run nearest to the middle of a band is compared.": (
        "每种设置与种子取最接近区间中点的一次运行作比较。"
    ),
    "Left out: {runs} of recipes that have no learning rate of their own.": (
        "未计入：{runs}，其配方没有自身的学习率。"
    ),
}

VERDICTS = {
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

CONTRASTS = {
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

CAPACITY = {
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

LOSS = {
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
    "Not measured: of the runs whose recipe has its own settings no two differ in the loss alone or in "
    "the learning rate alone.": "未测得：在配方采用自身设置的运行中，没有两次只在损失函数或只在学习率上不同。",
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

DATA = {
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

PARTS = (TELLING, VERDICTS, CONTRASTS, CAPACITY, LOSS, DATA)
