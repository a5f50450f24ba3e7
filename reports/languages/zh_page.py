"""Simplified Chinese of the page itself: its opening, what is missing, its controls."""

from __future__ import annotations

OPENING = {
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

MISSING = {
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

PAGE = {
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

CONTROLS = {
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

PARTS = (OPENING, MISSING, PAGE, CONTROLS)
