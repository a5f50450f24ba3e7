"""Simplified Chinese, by what says it: a module for each.

Glossary. Names of recipes, datasets, outcomes, mechanisms, columns and files stay as they are, in Latin.

generator 生成器; discriminator 判别器; capacity ratio 容量比; recipe 配方; run 运行; cell 单元 (one grid point, all
its seeds); seed 种子; pair 配对; learning rate 学习率; own rate 自身学习率; failure rate 失败率; score 得分; outcome 结局;
verdict 判定; finding 结论; claim 论断; undecided 未定; failed 失败; stable 稳定; interval 区间 (置信区间 where it is
named for the first time); critic step 判别器步; held out 留出; mode collapse 模式坍塌; memorisation 记忆化; onset 起始;
perfect copy 完美复制; minimax, Holm, Newcombe, Wilson, McNemar, IQM, bootstrap as in English.
"""

from __future__ import annotations

from reports.languages import zh_causes, zh_method, zh_page, zh_remedies, zh_runs, zh_words
from reports.languages.zh_columns import COLUMNS
from reports.languages.zh_comparison import COMPARISON
from reports.languages.zh_phase import PHASE
from reports.languages.zh_samples import SAMPLES
from reports.languages.zh_stability import STABILITY
from reports.languages.zh_variance import SHARES, VARIANCE

PARTS = (
    *zh_words.PARTS, *zh_page.PARTS, *zh_causes.PARTS, *zh_remedies.PARTS, *zh_runs.PARTS, *zh_method.PARTS,
    COLUMNS, COMPARISON, PHASE, SAMPLES, SHARES, STABILITY, VARIANCE,
)  # fmt: skip
"""Each is what one module or topic says."""
CATALOGUE = {pattern: told for part in PARTS for pattern, told in part.items()}
