"""The loop: what comes next, and whole runs. Turns are scripted; confinement, files, guard, Hub are real."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.author.places import APP, CARD, FILES, Place, place_of
from tests.harness.local_hub import LocalHub
from worker.author.decisions import Backend, Fault, Stage, State, Turned, Unchanged, Well, after
from worker.author.direct import fenced_files
from worker.author.guard import Allowed, check
from worker.author.known_errors import Where
from worker.author.loop import Effects, Instructions, Loop, read_blockers
from worker.author.turns import Budget, TurnEnd, TurnReport
from worker.author.workspace import Workspace, read_workspace
from worker.redact import Redactor

BUDGET = Budget(turns=6, usd=1.0, tokens=100_000, requests=60, seconds=600)
BROKEN = Fault(where=Where.RUN, line="NameError: name 'nme' is not defined")


def report(end: TurnEnd = TurnEnd.DONE, **changes: object) -> TurnReport:
    values: dict[str, object] = {
        "said": "",
        "tool_calls": 3,
        "requests": 2,
        "tokens": 1000,
        "usd": 0.01,
        "seconds": 2.0,
    }
    return TurnReport(end=end, **{**values, **changes})  # type: ignore[arg-type]  # of one literal mapping


def seen(*events: object, state: State | None = None, budget: Budget = BUDGET) -> State:
    now = state or State()
    for event in events:
        now = after(now, event, budget)  # type: ignore[arg-type]  # the events of this test
    return now


GOOD_TURN = Turned(report(), changed=True)
TO_PROBE = (GOOD_TURN, Well(), Well(), Well())


def test_an_app_goes_from_the_turn_to_the_guard_the_twin_the_space_and_the_probes() -> None:
    stages = [seen(*TO_PROBE[:count]).stage for count in range(len(TO_PROBE) + 1)]

    assert stages == [Stage.WRITE, Stage.CHECK, Stage.REHEARSE, Stage.PUBLISH, Stage.PROBE]
    assert seen(*TO_PROBE, Well()).stage is Stage.ACCEPTED


@pytest.mark.parametrize("passed", [1, 2, 3, 4])
def test_a_fault_at_any_stage_is_a_repair_turn(passed: int) -> None:
    now = seen(*TO_PROBE[:passed], BROKEN)

    assert (now.stage, now.fault) == (Stage.WRITE, BROKEN)


def test_nothing_but_the_probes_accepts_an_app() -> None:
    every = [GOOD_TURN, Turned(report(), changed=False), Well(), Unchanged(), BROKEN]
    starts = [
        State(stage=stage) for stage in (Stage.WRITE, Stage.CHECK, Stage.REHEARSE, Stage.PUBLISH, Stage.MEND)
    ]

    for start in starts:
        for event in every:
            if start.stage is Stage.WRITE and not isinstance(event, Turned):
                continue
            assert after(start, event, BUDGET).stage is not Stage.ACCEPTED


def test_a_known_error_with_an_edit_of_its_own_takes_no_turn_and_is_made_once() -> None:
    fault = Fault(where=Where.CONFIG, line="torch version 2.5 is not compatible")

    first = seen(*TO_PROBE[:3], fault)
    again = seen(Well(), Well(), Well(), fault, state=first)

    assert (first.stage, first.turns) == (Stage.MEND, 1)
    assert again.stage is Stage.WRITE
    assert seen(Unchanged(), state=first).stage is Stage.WRITE


def test_the_same_error_again_and_again_is_given_up_whatever_numbers_are_in_it() -> None:
    faults = [
        Fault(where=Where.RUN, line=f"NameError: name 'x' at 0x7f{number}0 line {number}")
        for number in range(4)
    ]
    events = [event for fault in faults for event in (GOOD_TURN, fault)]

    assert seen(*events[:-1]).stage is Stage.CHECK
    assert seen(*events).stage is Stage.GAVE_UP


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(1, 9, 10**9, 99, 999), "All 1 turns"),
        (Budget(9, 0.005, 10**9, 99, 999), "0.01 USD"),
        (Budget(9, 9, 900, 99, 999), "All 900 tokens"),
        (Budget(9, 9, 10**9, 2, 999), "All 2 requests"),
        (Budget(9, 9, 10**9, 99, 1.5), "2 s"),
    ],
)
def test_every_part_of_the_budget_ends_the_turns_and_not_the_app_that_is_there(
    budget: Budget, words: str
) -> None:
    accepted = seen(*TO_PROBE, Well(), budget=budget)
    ended = seen(GOOD_TURN, BROKEN, budget=budget)

    assert accepted.stage is Stage.ACCEPTED
    assert ended.stage is Stage.OUT_OF_BUDGET
    assert words in ended.reason and "nme" in ended.reason


def test_credits_that_are_used_up_end_the_turns_and_what_is_there_is_still_tried() -> None:
    turned = Turned(report(TurnEnd.OUT_OF_BUDGET, problem="The account has no credits left."), changed=True)

    assert seen(turned).stage is Stage.CHECK
    assert seen(turned, Well(), Well(), Well(), Well()).stage is Stage.ACCEPTED
    assert seen(turned, BROKEN).reason.startswith("The account has no credits left.")


@pytest.mark.parametrize("end", [TurnEnd.BROKE, TurnEnd.STALLED, TurnEnd.TIMED_OUT])
def test_an_agent_that_changes_nothing_is_replaced_by_a_plain_question_and_then_given_up(
    end: TurnEnd,
) -> None:
    idle = Turned(report(end, problem="Its tool calls cannot be read."), changed=False)

    assert seen(idle).backend is Backend.PI
    assert (seen(idle, idle).backend, seen(idle, idle).stage) == (Backend.DIRECT, Stage.WRITE)
    assert "tool calls cannot be read" in seen(idle, idle).backend_reason
    assert seen(idle, idle, idle, idle).stage is Stage.GAVE_UP


def test_what_an_agent_leaves_as_it_was_at_first_is_looked_at_all_the_same() -> None:
    content = Turned(report(), changed=False)

    assert (seen(content).stage, seen(content).useless) == (Stage.CHECK, 1)
    assert seen(content, BROKEN, content).stage is Stage.WRITE
    assert seen(content, BROKEN, content).backend is Backend.DIRECT


def test_a_state_survives_the_way_through_its_record() -> None:
    now = seen(*TO_PROBE, BROKEN)

    assert State.model_validate_json(now.model_dump_json()) == now


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ([{"code": "memory", "message": "It needs 200 GB.", "tried": "Counted the weights: 401 GB."}], 1),
        ({"blockers": [{"code": "memory", "message": "It needs it.", "tried": "Counted the weights."}]}, 1),
        ([{"code": "other", "message": "Too complicated.", "tried": ""}], 0),
        (
            [
                {
                    "code": "x",
                    "message": "flash-attn does not build.",
                    "tried": "pip install flash-attn failed.",
                }
            ],
            0,
        ),
        (
            [
                {
                    "code": "x",
                    "message": "flash-attn is needed.",
                    "tried": "SDPA, xformers and HF Kernels: no such mask.",
                }
            ],
            1,
        ),
        ("nonsense", 0),
        ([1, 2], 0),
        ({"blockers": 3}, 0),
    ],
)
def test_a_blocker_counts_where_it_is_concrete_and_tried(written: object, kept: int) -> None:
    assert len(read_blockers(json.dumps(written).encode())) == kept


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe", b"[" * 50_000])
def test_a_broken_list_of_blockers_is_none(content: bytes | None) -> None:
    assert read_blockers(content) == ()


def test_files_are_read_out_of_an_answer_and_never_lead_out_of_the_workspace() -> None:
    text = "Sure.\n````file app.py\nimport x\n```python\nin a string\n```\n````\n"
    text += "```file own/part.py\nX = 1\n```\n"
    text += "".join(
        f"````file {path}\nbad\n````\n" for path in ("../up.py", "/etc/passwd", ".pi/x", "a/../../b", "a//b")
    )
    text += "````file cut.py\nnever ends\n"

    assert fenced_files(text) == {
        "app.py": b"import x\n```python\nin a string\n```\n",
        "own/part.py": b"X = 1\n",
    }


@dataclass
class Scripted:
    """Turns that were written beforehand: each is what the agent runs in its shell, inside."""

    place: Place
    turns: list[str]
    prompts: list[str] = field(default_factory=list)
    end: TurnEnd = TurnEnd.DONE

    def __call__(self, prompt: str) -> TurnReport:
        self.prompts.append(prompt)
        code, said = self.place.agent("sh", "-c", self.turns.pop(0))
        return report(self.end if code == 0 else TurnEnd.BROKE, said=said)


def writing(files: Mapping[str, str]) -> str:
    """What a shell runs to write these files."""
    lines = [
        f"mkdir -p $(dirname {path}); cat > {path} <<'END-OF-FILE'\n{text}\nEND-OF-FILE"
        for path, text in files.items()
    ]
    return "\n".join(lines)


@dataclass
class Setting:
    """A loop in a real place; the twin and the probes say what the test has them say."""

    place: Place
    folder: Path
    rehearsed: list[Fault | None] = field(default_factory=list)
    probed: list[Fault | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: list[State] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def read(self) -> Workspace:
        return read_workspace(self.place.confinement.workspace, self.place.confinement.uid)

    def loop(
        self, turn: Callable[[str], TurnReport] | None, *, state: State | None = None, budget: Budget = BUDGET
    ) -> Loop:
        effects = Effects(
            turn=turn,
            ask=lambda _prompt: report(said=self.answers.pop(0)),
            read=self.read,
            put=self.place.confinement.put,
            check=lambda workspace: check(
                workspace, Allowed(CARD, "/generate"), Redactor([self.place.hub.token])
            ),
            rehearse=lambda _workspace: self.rehearsed.pop(0) if self.rehearsed else None,
            publish=self.publish,
            probe=lambda _workspace: self.probed.pop(0) if self.probed else None,
            keep=lambda state, _workspace: self.kept.append(state),
            note=self.notes.append,
        )
        return Loop(effects, Instructions(self.folder, {"goal.md": "the goal"}), budget, state)

    def publish(self, workspace: Workspace) -> Fault | None:
        self.place.laboratory.publish(workspace)
        return None


@pytest.fixture
def setting(local_hub: LocalHub, tmp_path: Path) -> Iterator[Setting]:
    with place_of(local_hub) as place:
        yield Setting(place, tmp_path)


def test_an_app_that_is_right_at_once_is_published_and_accepted(setting: Setting) -> None:
    turn = Scripted(setting.place, [writing(FILES)])

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.turns) == (Stage.ACCEPTED, 1)
    assert setting.place.files_of_space() == set(FILES)
    assert f"{setting.folder}/goal.md" in turn.prompts[0]
    assert setting.kept[-1] == ended
    assert any("turn 1" in note for note in setting.notes)


def test_an_app_that_is_wrong_is_mended_after_its_log(setting: Setting) -> None:
    setting.rehearsed = [BROKEN]
    turn = Scripted(setting.place, [writing(FILES), writing({"app.py": f"{APP}# mended\n"})])

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.turns) == (Stage.ACCEPTED, 2)
    assert "NameError: name 'nme' is not defined" in turn.prompts[1]
    assert "A name is used that was not defined" in turn.prompts[1]
    assert setting.place.hub.read_of_space(setting.place.space_id, "main", "app.py", 9999).endswith(
        b"# mended\n\n"
    )


def test_what_the_guard_refuses_is_never_published_and_the_agent_hears_why(setting: Setting) -> None:
    bad = writing({**FILES, "app.py": f"{APP}\nimport os\nos.environ['HF_TOKEN']\n"})
    turn = Scripted(setting.place, [bad, bad])

    ended = setting.loop(turn, budget=Budget(2, 9, 10**9, 99, 999)).run()

    assert ended.stage is Stage.OUT_OF_BUDGET
    assert "Read no token" in turn.prompts[1]
    assert not setting.place.hub.api.repo_exists(setting.place.space_id, repo_type="space")


def test_a_known_mend_is_made_without_the_agent(setting: Setting) -> None:
    setting.probed = [Fault(where=Where.CONFIG, line="torch version 2.5 is not compatible")]
    turn = Scripted(setting.place, [writing({**FILES, "requirements.txt": "torch==2.5\ntransformers\n"})])

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.turns) == (Stage.ACCEPTED, 1)
    assert b"torch==2.11.0" in setting.place.hub.read_of_space(
        setting.place.space_id, "main", "requirements.txt", 99
    )


def test_an_agent_whose_tools_are_broken_is_replaced_and_its_successor_delivers(setting: Setting) -> None:
    setting.answers = ["".join(f"````file {path}\n{text}\n````\n" for path, text in FILES.items())]
    turn = Scripted(setting.place, ["true", "true"])

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.backend, ended.turns) == (Stage.ACCEPTED, Backend.DIRECT, 3)
    assert "without changing a file" in ended.backend_reason
    assert any(ended.backend_reason in note for note in setting.notes)
    assert setting.place.files_of_space() == set(FILES)


def test_a_concrete_blocker_ends_the_run_and_a_vague_one_is_sent_back(setting: Setting) -> None:
    vague = json.dumps([{"code": "x", "message": "Too hard.", "tried": ""}])
    concrete = json.dumps([{"code": "memory", "message": "It needs 400 GB.", "tried": "Added up the files."}])
    turn = Scripted(
        setting.place,
        [writing({"TECHNICAL_BLOCKERS.json": vague}), writing({"TECHNICAL_BLOCKERS.json": concrete})],
    )

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.turns) == (Stage.BLOCKED, 2)
    assert ended.blockers[0].message == "It needs 400 GB."
    assert "names nothing concrete" in turn.prompts[1]


@pytest.mark.parametrize("stopped_after", [1, 2, 3, 4])
def test_a_run_that_was_stopped_goes_on_where_it_was(setting: Setting, stopped_after: int) -> None:
    setting.loop(Scripted(setting.place, [writing(FILES)])).run()
    kept = State.model_validate_json(setting.kept[stopped_after - 1].model_dump_json())

    ended = setting.loop(Scripted(setting.place, []), state=kept).run()

    assert (ended.stage, ended.turns) == (Stage.ACCEPTED, 1)


def test_an_agent_that_pushed_by_itself_is_judged_all_the_same(setting: Setting) -> None:
    turn = Scripted(setting.place, [writing(FILES) + "\nspace push", writing({"app.py": f"{APP}# again\n"})])
    setting.probed = [Fault(where=Where.PROBE, line="The check “substance” failed: it is empty.")]

    ended = setting.loop(turn).run()

    assert (ended.stage, ended.turns) == (Stage.ACCEPTED, 2)
    assert [each["verb"] for each in setting.place.told] == ["push"]
    assert len(setting.place.hub.api.list_repo_commits(setting.place.space_id, repo_type="space")) == 3
