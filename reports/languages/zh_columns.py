"""Simplified Chinese for units and for the meanings of columns in bench/records/columns.py."""

from __future__ import annotations

COLUMNS = {
    "at": "处",
    "settings": "设置数",
    "setting": "设置",
    "missed squares": "偏离的格",
    "boundary": "边界",
    "with failure": "与失败",
    "with score": "与得分",
    "text": "文本",
    "step": "步",
    "feature units squared": "特征单位的平方",
    "evaluations": "次评估",
    "samples": "样本",
    # verdicts
    "one of finished, diverged, failed, stopped": "finished、diverged、failed、stopped 之一",
    "exclusive ending: invalid, diverged:nonfinite, oscillating:mode-hopping, collapsed:total, "
    "diverged:late, no-progress, collapsed:partial, oscillating:quality, still-improving, degrading, "
    "stalled-low-quality, converged": (
        "互斥的结局：invalid（无效）、diverged:nonfinite（发散至非有限值）、oscillating:mode-hopping（模式间跳跃振荡）、"
        "collapsed:total（完全坍塌）、diverged:late（后期发散）、no-progress（无进展）、collapsed:partial（部分坍塌）、"
        "oscillating:quality（质量振荡）、still-improving（仍在改进）、degrading（退化）、"
        "stalled-low-quality（停滞于低质量）、converged（收敛）"
    ),
    "what statistics count: stable, failed, undecided": (
        "统计所计的状态：stable（稳定）、failed（失败）、undecided（未定）"
    ),
    "flags on why, joined by a space: D-dominated, vanishing-gradient, G-dominated, D-overfit, memorising, "
    "critic-unconstrained, rotational": (
        "成因标记，以空格相连：D-dominated（判别器占优）、vanishing-gradient（梯度消失）、G-dominated（生成器占优）、"
        "D-overfit（判别器过拟合）、memorising（记忆训练数据）、critic-unconstrained（判别器未受约束）、rotational（旋转）"
    ),
    "first evaluated step from which the outcome held to the end": "结局自此一直保持到结束的首个评估步",
    "normalised log distance in the final window: 0 real, 1 untrained generator": (
        "最终窗口内归一化的对数距离：0 为真实数据，1 为未训练的生成器"
    ),
    "lowest normalised log distance over the whole run": "整个运行中归一化对数距离的最低值",
    "1 - clip(q, 0, 1); 0 for a diverged run; higher is better": "1 - clip(q, 0, 1)；发散的运行为 0；越高越好",
    "part of q that few samples cost: q of a faithful copy of as many clean ones": (
        "q 中由样本少造成的部分：忠实复制同样多干净样本的 q"
    ),
    "part of q that their defect costs: q of a faithful copy of the spoiled ones, less q_size": (
        "q 中由样本缺陷造成的部分：忠实复制有缺陷样本的 q 减去 q_size"
    ),
    "the rest of q: near 0 where the run learned its data, good or bad, faithfully": (
        "q 的其余部分：若运行忠实地学到了其数据（无论好坏），则接近 0"
    ),
    "those of size, defect and training that cost much of q (from 0.1), heaviest first": (
        "size、defect、training 中使 q 损失较大（0.1 起）者，最重者在前"
    ),
    "version of the thresholds the verdict used": "判定所用阈值的版本",
    # scores of samples
    "Frechet distance to the holdout, median over the final window": (
        "到留出集的 Fréchet 距离，最终窗口内的中位数"
    ),
    "Frechet distance at the last evaluation": "最后一次评估时的 Fréchet 距离",
    "the same of the averaged generator, median over the final window": (
        "同上，平均后的生成器，最终窗口内的中位数"
    ),
    "Frechet distance of a real sample of the same size": "同样大小真实样本的 Fréchet 距离",
    "Frechet distance of the untrained generator": "未训练生成器的 Fréchet 距离",
    "what a faithful copy of the run's training images would score": "忠实复制该运行训练图像的得分",
    "what a copy of as many images without defect would score": "复制同样多无缺陷图像的得分",
    "name and sample count of the Frechet distance, e.g. fid-digits32@697": (
        "Fréchet 距离的名称与样本数，例如 fid-digits32@697"
    ),
    "the distance verdicts use: fid for images, squared sliced Wasserstein-2 for mixtures": (
        "判定所用的距离：图像用 fid，混合分布用切片 Wasserstein-2 的平方"
    ),
    "the same, real against real": "同上，真实对真实",
    "the same of the untrained generator": "同上，未训练的生成器",
    "the same of a faithful copy of the training samples": "同上，训练样本的忠实复制",
    "the same of a faithful copy of as many samples without defect": "同上，同样多无缺陷样本的忠实复制",
    "distance less distance_copy: what the run lost beside its data": (
        "distance 减去 distance_copy：除数据之外运行的损失"
    ),
    "exp of mean KL of class posteriors, by the extractor's classifier": (
        "类别后验平均 KL 的指数，由特征提取器的分类器给出"
    ),
    "Frechet distance extrapolated to endless samples of both sides": (
        "外推到双方样本无穷多时的 Fréchet 距离"
    ),
    "standard error of that extrapolation": "该外推的标准误",
    "cubic-kernel MMD squared on standardised features, unbiased": ("标准化特征上三次核 MMD 的平方，无偏"),
    "its standard error by disjoint blocks: conservative near zero": (
        "其标准误，由互不相交的分块得出：接近零时偏保守"
    ),
    "AUC of a classifier of fixed size, real against generated, on samples it did not see": (
        "固定大小的分类器区分真实与生成样本的 AUC，在其未见过的样本上"
    ),
    "mixtures: energy distance to the holdout, unbiased": "混合分布：到留出集的能量距离，无偏",
    "share of generated samples inside the real manifold, k = 3": "落在真实流形内的生成样本比例，k = 3",
    "the same for real against real": "同上，真实对真实",
    "share of real samples inside the generated manifold, k = 3": "落在生成流形内的真实样本比例，k = 3",
    "mean number of real balls around a generated sample over k = 5": (
        "包含一个生成样本的真实球的平均个数除以 k = 5"
    ),
    "share of real balls that hold a generated sample, k = 5": "含有生成样本的真实球的比例，k = 5",
    "the same for a faithful copy of the training samples": "同上，训练样本的忠实复制",
    "the same for a faithful copy of as many samples without defect": "同上，同样多无缺陷样本的忠实复制",
    "modes or classes that got at least one counted sample": "至少得到一个有效样本的模式或类别数",
    "modes or classes that got at least a fifth of their fair share": (
        "至少得到应有份额五分之一的模式或类别数"
    ),
    "modes or classes of the data": "数据的模式或类别数",
    "KL of the generated histogram over modes or classes from the real one": (
        "模式或类别上生成直方图相对真实直方图的 KL"
    ),
    "mixtures: share of samples within 3 sd of a mode (0.9889 for real)": (
        "混合分布：距某一模式 3 个标准差以内的样本比例（真实数据为 0.9889）"
    ),
    "mixtures: median over modes of the samples' sd over the mode's own; 1 for real": (
        "混合分布：各模式上样本标准差与模式自身标准差之比的中位数；真实数据为 1"
    ),
    "coverage of the class that is covered worst: low is collapse within a class": (
        "覆盖最差的类别的覆盖率：低则为类内坍塌"
    ),
    "share of bins that hold significantly more or fewer samples than they should; 0.05 for real": (
        "样本数显著多于或少于应有值的分箱比例；真实数据为 0.05"
    ),
    "Jensen-Shannon divergence of the histograms over those bins": "这些分箱上直方图的 Jensen-Shannon 散度",
    "distinct samples that collisions in batches speak for; a lower bound where none": (
        "由批内碰撞推算的不同样本数；无碰撞时为下界"
    ),
    "effective number of distinct samples over that of real ones": "不同样本的有效数与真实样本之比",
    "median distance between generated samples over that between real ones": (
        "生成样本间距离的中位数与真实样本间之比"
    ),
    "C_T: z of nearest-train distances, generated against holdout; below -3 copies": (
        "C_T：到最近训练样本距离的 z 值，生成对留出；低于 -3 即为复制"
    ),
    "distance to the holdout over distance to the training samples, floors taken off both": (
        "到留出集的距离与到训练样本的距离之比，均已减去下限"
    ),
    "share of generated samples farther from their training neighbour than it from its own": (
        "到最近训练样本的距离大于该训练样本到其自身近邻距离的生成样本比例"
    ),
    # diagnostics of training
    "AUC of the discriminator, holdout against generated; 0.5 cannot tell, 1 always": (
        "判别器的 AUC，留出对生成；0.5 为无法区分，1 为总能区分"
    ),
    "AUC of the discriminator, train against holdout; above 0.5 it overfits": (
        "判别器的 AUC，训练对留出；高于 0.5 即过拟合"
    ),
    "r_v: train-holdout gap of logits over train-fake gap; 0 none, 1 complete": (
        "r_v：logit 的训练–留出差距与训练–生成差距之比；0 为无，1 为完全"
    ),
    "share of holdout samples on the real side of the decision point": "位于决策点真实一侧的留出样本比例",
    "share of generated samples on the fake side of the decision point": ("位于决策点生成一侧的生成样本比例"),
    "share of logits beyond 6 in absolute value": "绝对值超过 6 的 logit 比例",
    "mean logit on holdout": "留出集上的平均 logit",
    "mean logit on generated samples": "生成样本上的平均 logit",
    "5 % quantile of logits on holdout": "留出集上 logit 的 5 % 分位数",
    "median logit on holdout": "留出集上 logit 的中位数",
    "95 % quantile of logits on holdout": "留出集上 logit 的 95 % 分位数",
    "5 % quantile of logits on generated samples": "生成样本上 logit 的 5 % 分位数",
    "median logit on generated samples": "生成样本上 logit 的中位数",
    "95 % quantile of logits on generated samples": "生成样本上 logit 的 95 % 分位数",
    "logistic losses: Jensen-Shannon divergence that the logits prove at least; log 2 if always right": (
        "逻辑损失：由 logit 可证明的 Jensen-Shannon 散度下界；总是判对则为 log 2"
    ),
    "data units": "数据单位",
    "mean logit on holdout less that on generated samples, over the steepest slope seen": (
        "留出集与生成样本的平均 logit 之差，除以所见的最大斜率"
    ),
    "r_t: mean sign of logits on training samples as they are; 1 all taken for real": (
        "r_t：未经增强的训练样本上 logit 符号的平均；1 表示全部判为真实"
    ),
    "norm of the generator's weights over their norm before training": "生成器权重的范数与训练前范数之比",
    "largest difference of two logits over the distance of their samples, real and fake": (
        "真实与生成样本对的 logit 之差与其距离之比的最大值"
    ),
    "largest over smallest gradient size among the generator's layers": "生成器各层梯度大小的最大与最小之比",
    "Jensen-Shannon divergence of those two histograms: 0 equal, log 2 nothing shared": (
        "这两个直方图的 Jensen-Shannon 散度：0 为相同，log 2 为毫无重叠"
    ),
    "modes or classes times exp(-mode_kl): m that are evenly covered give m": (
        "模式或类别数乘以 exp(-mode_kl)：均匀覆盖 m 个则为 m"
    ),
    "entropy of the generated histogram over modes or classes, over that of the real one; 1 for real": (
        "生成样本在模式或类别上的直方图的熵与真实样本的熵之比；真实数据为 1"
    ),
    "modes or classes that got less than a fifth of their fair share": (
        "所得少于其应有份额五分之一的模式或类别数"
    ),
    "the same of held-out samples, which copy nothing: its comparator": (
        "留出样本的同一比例（它们不复制任何样本）：用作对照"
    ),
    "mean size of the generator loss's slope in the logit; 0 is a vanished signal": (
        "生成器损失对 logit 斜率的平均大小；0 为信号消失"
    ),
    "mean norm of the discriminator's gradient at generated samples": "判别器在生成样本处梯度的平均范数",
    "root mean square of the generator's gradient, mean since the last evaluation": (
        "生成器梯度的均方根，自上次评估以来的平均"
    ),
    "root mean square of the discriminator's gradient, likewise": "判别器梯度的均方根，同上",
    "signal over noise of the generator's gradient: its mean's norm over its sd between batches, 0 noise": (
        "生成器梯度的信噪比：其均值的范数与批间标准差之比，0 为纯噪声"
    ),
    "the same of the discriminator's gradient": "同上，判别器的梯度",
    "cosine between the generator's gradients on the same samples, four evaluations apart": (
        "生成器在相同样本上、相隔四次评估的梯度之间的余弦"
    ),
    "the same of the discriminator's gradients": "同上，判别器的梯度",
    "norm of the last step's change of the generator's weights over theirs": (
        "最后一步生成器权重变化的范数与权重范数之比"
    ),
    "the same of the discriminator's weights": "同上，判别器的权重",
    "largest slope of the discriminator seen at real, generated and mixed samples": (
        "在真实、生成与混合样本处见到的判别器最大斜率"
    ),
    "product of its layers' operator norms: no slope is larger; missing for unknown layers": (
        "各层算子范数之积：斜率不会更大；遇未知层则缺失"
    ),
    "largest over smallest gradient size among the discriminator's layers": (
        "判别器各层梯度大小的最大值与最小值之比"
    ),
    "way of fixed-latent samples from the window's start to its end over the way they went": (
        "固定潜变量的样本从窗口起点到终点的直线距离与所走路程之比"
    ),
    "gradient penalty: mean |slope - 1| at interpolates": "梯度惩罚：插值点处 |slope - 1| 的平均",
    "weight clipping: share of weights at the bound": "权重裁剪：位于边界的权重比例",
    "ADA: how likely each transform is made to a sample, as its controller has set it": (
        "ADA：控制器所设的对样本施加各变换的概率"
    ),
    "ADA: r_t at its last adjustment, mean sign of logits on augmented training samples; target 0.6": (
        "ADA：上次调整时的 r_t，即增强后训练样本上 logit 符号的平均；目标 0.6"
    ),
    "share of samples that look augmented by ADA; a run's less that of its twin without ADA is the leak": (
        "看上去经 ADA 增强的样本所占比例；减去不用 ADA 的孪生运行的同一数值即为泄漏"
    ),
    "stacked digits: mean probability of the likeliest triple, 26,000 samples at the end": (
        "叠加数字：最可能三元组的平均概率，训练结束时的 26,000 个样本"
    ),
    "stacked digits: triples among 26,000 samples at the end; missing below certainty 0.8": (
        "叠加数字：训练结束时 26,000 个样本中的三元组数；确信度低于 0.8 时缺失"
    ),
    "the same with a fifth of their fair share: 6 samples or more": "同上，但须达到应有份额的五分之一：6 个样本或更多",
    "KL of these triples' histogram from the even one; 0.019 by chance alone": (
        "这些三元组的直方图相对均匀分布的 KL；仅凭偶然为 0.019"
    ),
    "DiffAugment with translation, runs that end with q <= 0.4: share of samples that carry it; 1 all": (
        "带平移的 DiffAugment，以 q <= 0.4 结束的运行：带有平移痕迹的样本比例；1 为全部"
    ),
    "mean since the last evaluation": "自上次评估以来的平均",
    "modes visited in the final window less modes held at once, over all modes": (
        "最终窗口内访问过的模式数减去同时保持的模式数，除以全部模式数"
    ),
    "exp of the P10-P90 range of log distance in the final window": ("最终窗口内对数距离 P10-P90 范围的指数"),
    "p of a spectral peak in log distance against red noise, second half of training": (
        "训练后半程对数距离谱峰相对红噪声的 p 值"
    ),
    "period of that peak": "该谱峰的周期",
    "largest size of an eigenvalue of one training turn: above 1 not attracting": (
        "一轮训练的特征值的最大模：大于 1 则不吸引"
    ),
    "largest real part of the game Jacobian's eigenvalues": "博弈 Jacobian 特征值的最大实部",
    "median of |imaginary part| / size of its six eigenvalues of largest imaginary part": (
        "虚部最大的六个特征值的 |虚部| / 模 的中位数"
    ),
    "1 where all eigenvalues behind spectrum_radius converged, 0 where not": (
        "1 表示 spectrum_radius 所依据的特征值全部收敛，0 表示没有"
    ),
    "the same of spectrum_real": "同上，针对 spectrum_real",
    "the same of spectrum_rotation: where 0, no flag rests on it": (
        "同上，针对 spectrum_rotation：为 0 时不据此作任何标记"
    ),
    "size of the game's gradients over their early median: spectra mean little above 0.05": (
        "博弈梯度的大小与其早期中位数之比：高于 0.05 时谱的意义不大"
    ),
    # speed
    "generator updates made": "已做的生成器更新次数",
    "planned generator updates that --stop-early spared; 0 for every run it left alone": (
        "--stop-early 省去的计划生成器更新次数；未受影响的运行为 0"
    ),
    "steps_done over train_seconds": "steps_done 除以 train_seconds",
    "real samples consumed over train_seconds": "消耗的真实样本数除以 train_seconds",
    "the run's equal share of its cohort's training, without compilation and warm-up": (
        "运行在所属批次训练时间中均分的份额，不含编译与预热"
    ),
    "the part of it in discriminator updates": "其中判别器更新的部分",
    "the part of it in generator updates": "其中生成器更新的部分",
    "the part of it in drawing indices and latents": "其中抽取索引与潜变量的部分",
    "the run's share of evaluation": "运行在评估中的份额",
    "the run's share of compilation and warm-up": "运行在编译与预热中的份额",
    "arithmetic of the cohort's training over its time": "所属批次训练的运算量除以其时间",
    "largest resident memory of the worker process so far": "工作进程迄今的最大常驻内存",
    "training seconds of the run until q first was at most 0.4; infinite if never": (
        "运行的 q 首次不大于 0.4 之前的训练秒数；从未达到则为无穷"
    ),
}
