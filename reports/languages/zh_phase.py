"""Simplified Chinese of the phase diagrams; the glossary is in zh.py."""

from __future__ import annotations

PHASE = {
    "Where does stability end?": "稳定到哪里为止？",
    "Phase diagrams": "相图",
    "the settings lie on one line": "各设置位于一条直线上",
    "{runs} of {least} decided runs that are needed": "已判定的运行为 {runs} 次，所需为 {least} 次",
    "{seeds} of {least} seeds that are needed": "种子为 {seeds} 个，所需为 {least} 个",
    "only {runs} ended otherwise than the rest": "只有 {runs}的结局与其余不同",
    "every decided run failed": "已判定的运行全部失败",
    "no decided run failed": "已判定的运行无一失败",
    "Failures by four measures of capacity on {dataset}": "{dataset} 上按四种容量度量的失败情况",
    "All runs of the dataset, up to {seeds} seeds; points are medians of levels or of {bins} bins of about as "
    "many runs. Filled: failure rate of decided runs, bars: Wilson 95 %. Open: score, IQM. Points pool "
    "recipes, rates and data sizes; the correlations compare within them.": (
        "该数据集的全部运行，至多 {seeds} 个种子；各点为各水平或 {bins} 个运行数大致相等的分组的中位数。实心：已判定运行的失败率，"
        "误差线：Wilson 95 %。空心：得分，IQM。各点合并配方、学习率和数据量；相关系数则在其内部比较。"
    ),
    "{dataset}: rank correlation of failure with capacity: {told}. {verdict}": (
        "{dataset}：失败与容量的秩相关：{told}。{verdict}"
    ),
    "The answer depends on the measure: more failures by {more}, fewer by {fewer}, not certain by {open}.": (
        "答案取决于度量：失败更多的有 {more}，更少的有 {fewer}，不确定的有 {open}。"
    ),
    "By none of these measures is the relation certain.": "按这些度量，关系都不确定。",
    "By every measure more capacity of the discriminator goes along with more failures.": (
        "无论按哪种度量，判别器容量越大，失败越多。"
    ),
    "By every measure more capacity of the discriminator goes along with fewer failures.": (
        "无论按哪种度量，判别器容量越大，失败越少。"
    ),
    "Rank correlations compare runs alike in all but capacity and seed; intervals resample seeds for all of "
    "them together, Student's t. With one generator width the three ratios rank alike. A relation that turns "
    "back (both ends fail) has a correlation near 0: see the figure.": (
        "秩相关只比较除容量和种子外都相同的运行；区间对所有这些运行一起重抽种子，用 Student t 分布。只有一种生成器宽度时，"
        "三种比值的排序相同。先降后升的关系（两端都失败）相关接近 0：见图。"
    ),
    "The measured AUC is that of the end of training (0.5: the discriminator cannot tell, 1: always): it is a "
    "result of the run as much as a cause.": (
        "所测的 AUC 是训练结束时的（0.5：判别器无法分辨，1：总能分辨）：它既是原因，也是运行的结果。"
    ),
    "Rank correlation of failure and score with capacity": "失败和得分与容量的秩相关",
    "{measure} {rho}": "{measure} {rho}",
    "No record holds what these measures need: {measures}.": "没有记录包含这些度量所需的数据：{measures}。",
    "The capacity ratio did not vary: failures cannot be related to it.": "容量比没有变化：无法将失败与之联系。",
    "{runs} training samples: {failed} of {decided} failed, {answer}. {squares}": (
        "{runs} 个训练样本：{decided} 次中有 {failed} 次失败，{answer}。{squares}"
    ),
    "{rate}, by ratio {squares}": "{rate}，按容量比 {squares}",
    "boundary drawn": "画有边界",
    "no boundary": "没有边界",
    "an axis has more than {most} levels": "有一个轴的水平多于 {most} 个",
    "the fitted surface is no better than a constant (p = {p})": "拟合曲面并不优于常数（p = {p}）",
    "half is not reached inside the plane: fitted {low} to {high}": "平面内达不到一半：拟合值为 {low} 至 {high}",
    "Data size and recipe on {dataset}": "{dataset} 上的数据量与配方",
    "{runs}, {seeds}: in each row the settings that were run at each of its data sizes. Brackets: Wilson 95 % "
    "of decided runs for failures; stratified bootstrap for scores.": (
        "{runs}，{seeds}：每一行只取在其每种数据量上都运行过的设置。方括号：失败率为已判定运行的 Wilson 95 % 区间；"
        "得分为分层 bootstrap。"
    ),
    "{recipe} at {size} training samples ({rate} {span} of {runs})": (
        "{size} 个训练样本的 {recipe}（{runs}的 {rate} {span}）"
    ),
    "score beside what the data allow": "相对于数据所允许的得分",
    "The score beside what the data allow takes off what a faithful copy of the run's own training samples "
    "loses: 1 means as good as such a copy. Rows differ in their settings unless they have as many.": (
        "相对于数据所允许的得分扣除了忠实复制该运行自身训练样本也会损失的部分：1 表示与这样的复制一样好。"
        "设置数目不同的行，其设置也不同。"
    ),
    "{dataset}, data size and recipe: most failures with {worst}, fewest with {best}.": (
        "{dataset}，数据量与配方：失败最多的是 {worst}，最少的是 {best}。"
    ),
    "No recipe was run at two data sizes with the same settings: there is no plane of both.": (
        "没有配方以相同设置在两种数据量上运行过：没有两者的平面。"
    ),
    "What the data allow was not recorded: scores are told as they are.": "没有记录数据所允许的程度：得分按原样给出。",
    "{dataset}: fewer than two squares of data size and recipe have {least} decided runs: no rate is told.": (
        "{dataset}：数据量与配方的方格中，已判定运行达到 {least} 次的不足两个：不给出比率。"
    ),
    "Darker: more failures; in each square failed of decided runs, {seeds} seeds; n: training samples. Line: "
    "half of the runs fail by the fitted surface. Band: where the side is not certain, 95 %, Student's t with "
    "the spread of resampled seeds, or the fit's own error where that is larger; in simulations it held the "
    "true line in 94 % or more. Beneath, every square leads to the row of its cell.": (
        "颜色越深失败越多；方格内为失败次数/已判定运行数，{seeds} 个种子；n：训练样本数。线：按拟合曲面有一半运行失败。"
        "带：不能确定在哪一侧的范围，95 %，按重抽种子的离散程度用 Student t 分布，若拟合本身的误差更大则用后者；"
        "在模拟中有 94 % 或更多包含真实的线。下方表格中每个方格都链接到其单元所在的行。"
    ),
    "Failures over capacity ratio and learning rate on {dataset}": "{dataset} 上容量比与学习率平面内的失败",
    "Failures over capacity ratio and rate of D over rate of G on {dataset}": (
        "{dataset} 上容量比与 D、G 学习率之比平面内的失败"
    ),
    "none: {why}": "无：{why}",
    "between settings only": "仅在各设置之间",
    "{dataset}: a boundary between failing and stable settings is drawn in {drawn} of {planes} planes of "
    "capacity ratio and learning rate.": (
        "{dataset}：在 {planes} 个容量比与学习率的平面中，有 {drawn} 个画出了失败与稳定设置之间的边界。"
    ),
    "{recipe} at {sizes}": "{recipe}（{sizes}）",
    "Surface: logistic regression on log2 of the capacity ratio and log10 of the rate, with squares and "
    "product where levels and failures bear them, by Firth's penalty, which also holds where settings "
    "separate failures completely. Undecided runs are left out.": (
        "曲面：以容量比的 log2 和学习率的 log10 作逻辑回归，水平数和失败数足够时加入平方项和乘积项，用 Firth 惩罚估计，"
        "在设置将失败完全分开时也成立。未定的运行不计入。"
    ),
    "A boundary is drawn where permuted endings (within seeds) hardly fit as well, p at most {alpha} by "
    "Benjamini and Hochberg over all planes, and where half is reached between settings that were run.": (
        "只有当结局（在种子内）置换后很难拟合得同样好（对所有平面按 Benjamini-Hochberg 校正，p 不超过 {alpha}），"
        "且在运行过的设置之间达到一半时，才画出边界。"
    ),
    "In {missed} of {squares} squares the Wilson interval excludes the fitted rate: there the surface is too "
    "smooth.": "{squares} 个方格中有 {missed} 个的 Wilson 区间不含拟合的失败率：那里曲面过于平滑。",
    "A plane shows each band at its middle.": "平面图中每个区间画在其中点处。",
    "Where half of the runs fail: capacity ratio at which learning rate": "一半运行失败之处：容量比对应的学习率",
    "No recipe was run at two capacity ratios and two learning rates on one data size: no plane is drawn.": (
        "没有配方在同一数据量上以两种容量比和两种学习率运行过：不画平面。"
    ),
    "The rate of D over the rate of G did not vary together with the capacity ratio: no such plane.": (
        "D 与 G 的学习率之比没有与容量比一起变化：没有这样的平面。"
    ),
    "{more} further planes are in phase.csv.": "另有 {more} 个平面在 phase.csv 中。",
    "It lies inside the planes of {names}.": "它位于以下平面之内：{names}。",
    "ratio of widths": "宽度之比",
    "ratio of parameters": "参数量之比",
    "ratio of FLOPs": "FLOP 之比",
    "AUC of the discriminator": "判别器的 AUC",
}
