"""`python -m worker build`: one run inside a Job. Its report is the last line of the Job's log."""

import argparse
import os
import sys

from worker.contract import REPORT_LINE, Kind, Report, Verdict
from worker.environment import Environment, NothingToDo, NotStartable, read_environment

FLUSH_SECONDS = 6.0
FLUSH_SECONDS_AFTER_A_SIGNAL = 3.0

ABOUT = """\
Builds a private Space from a model, calls it, and judges what it answers.

environment:
  SPACE_FACTORY_SPEC        the BuildSpec as JSON (worker/contract.py)
  SPACE_FACTORY_RECORD      folder of the run record
  HF_TOKEN                  the requester's token; a secret
  SPACE_FACTORY_REPORT_KEY  key of the report call; a secret
  HF_ENDPOINT               which Hub; the real one if it is not set
"""


def main(argv: list[str] | None = None) -> int:
    """Exit code: 0 if the run came to a verdict other than `failed`, 1 otherwise, 2 if it could not start."""
    parser = argparse.ArgumentParser(
        prog="python -m worker", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=[kind.value for kind in Kind], help="as in the spec")
    parser.parse_args(argv)
    try:
        environment = read_environment(os.environ)
    except NothingToDo as error:
        print(error)  # noqa: T201  # the log is standard output
        return 0
    except NotStartable as error:
        print(error, file=sys.stderr)  # noqa: T201  # there is no record and no log yet
        return 2
    report = run(environment)
    return 1 if report.verdict is Verdict.FAILED else 0


def run(environment: Environment) -> Report:
    """One run, from the environment to the last line."""
    # Imported here: --help is quick, and no library has seen the secrets in the environment.
    from worker.build import Build
    from worker.journal import Journal
    from worker.redact import Redactor
    from worker.reporting import Reporter
    from worker.supervise import Ending, supervise
    from worker.tidying import tidy

    spec = environment.spec
    redactor = Redactor((environment.token, environment.report_key))
    journal = Journal(environment.record, spec.run_id, environment.job_id, redactor)
    reporter = None
    if spec.report_url and environment.report_key:
        reporter = Reporter(
            spec.report_url, environment.report_key, spec.run_id, environment.job_id, journal.say
        )
        journal.listeners.append(reporter.send)
    report, ending = supervise(Build(spec=spec, journal=journal, token=environment.token))
    report = Report.model_validate(redactor.value(report.model_dump(mode="json")))
    within = FLUSH_SECONDS_AFTER_A_SIGNAL if ending is Ending.SIGNAL else FLUSH_SECONDS
    is_told = reporter is None or reporter.finish(report, within)
    if not is_told:
        journal.say("The report did not reach the bot; it is in the record and in the next line.")
    elif ending is Ending.ROAD:
        tidy(spec, environment.token, environment.record.parent, journal.say)
    print(REPORT_LINE + report.model_dump_json(), flush=True)  # noqa: T201  # the log is standard output
    return report


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Threads of the client libraries may hang on a dead connection, and a normal exit would wait for them.
    os._exit(code)
