"""Prints what the judge makes of every known honest app and cheat: `python -m tests.worker.confusion`."""

from collections import Counter

from tests.worker import judged_answers, read_sources, source_files
from worker.contract import Verdict
from worker.validate.evidence import judge
from worker.validate.evidence.source import read_source
from worker.validate.evidence.subject import Subject
from worker.validate.gate import Findings, decide

Matrix = dict[str, Counter[str]]
"""For answers and for sources: how many of each kind were accepted or rejected."""


def accepted(case: judged_answers.Case) -> bool:
    evidence = judge(case.subject, case.calls)
    findings = Findings(running=True, tested=True, evidence=evidence, answer=case.answer, ours=case.ours)
    return decide(findings).verdict is Verdict.FULL_INFERENCE_SUCCESS


def source_accepted(files: dict[str, str]) -> bool:
    subject = Subject(read_sources.CARD, None, files=files)
    return bool(read_source(subject, "/generate").passed)


def matrix() -> Matrix:
    answers = [("genuine", accepted(case)) for case in judged_answers.GENUINE.values()]
    answers += [("cheat", accepted(case)) for case in judged_answers.CHEATS.values()]
    honest = [{"app.py": source} for source in read_sources.GENUINE.values()]
    sly = [{"app.py": source} for source, _ in read_sources.CHEATS.values()]
    honest += source_files.honest_sources().values()
    sly += [files for files, _ in source_files.cheating_sources().values()]
    sources = [("genuine", source_accepted(files)) for files in honest]
    sources += [("cheat", source_accepted(files)) for files in sly]
    return {"answers": _counted(answers), "sources": _counted(sources)}


def _counted(judged: list[tuple[str, bool]]) -> Counter[str]:
    return Counter(f"{kind} {'accepted' if passed else 'rejected'}" for kind, passed in judged)


def table(found: Matrix) -> str:
    """Markdown."""
    lines = ["| judged by | app | accepted | rejected |", "|---|---|---|---|"]
    for judged_by, counts in found.items():
        for kind in ("genuine", "cheat"):
            lines.append(
                f"| {judged_by} | {kind} | {counts[f'{kind} accepted']} | {counts[f'{kind} rejected']} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(matrix()))
