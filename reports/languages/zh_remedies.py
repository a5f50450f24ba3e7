"""Simplified Chinese of the remedies: their claims, prices, tuning curves and interventions."""

from __future__ import annotations

WASSERSTEIN = {
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

TUNING = {
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

TUNING_CURVES = {
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

PRICES = {
    "Whether {name} shows in samples of {dataset} is not known: no run has a reading.": "{name} 是否会在 {dataset} 的样本中显现尚不可知：没有运行留下读数。",
    "{name} on {dataset}: {share} {span} of the samples look augmented {beyond} ({runs}), {word}.": "{dataset} 上的 {name}：{beyond}，{share} {span} 的样本看似经过增强（{runs}），{word}。",
    "beyond their twins without it": "与不用它的对照运行相比",
    "by a probe's reading": "据探针读数",
    "so it leaks": "可见增强泄漏到了样本中",
    "no leak shown": "未见泄漏",
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

INTERVENTIONS = {
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

PARTS = (WASSERSTEIN, TUNING, TUNING_CURVES, PRICES, INTERVENTIONS)
