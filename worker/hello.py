"""The self-check of a new account: a Job ran with its token, and the run record can be written and read back.

It creates no Space and costs the few seconds of the smallest hardware.
"""

import secrets

from worker.build import Build
from worker.errors import Failed
from worker.hub import Hub

FILE = "hello.txt"


def account(build: Build, hub: Hub) -> str:
    """Whose token this is; it must be that of the account where the Space would be."""
    person = hub.call(hub.api.whoami)
    name, owner = str(person["name"]), build.spec.target_space.split("/", 1)[0]
    mine = {name, *(str(org.get("name")) for org in person.get("orgs") or ())}
    if owner not in mine:
        raise Failed("wrong_account", f"This Job runs as {name}, and the Space would belong to {owner}.")
    plan = "PRO" if person.get("isPro") else "no PRO plan"
    pays = "can pay for hardware" if person.get("canPay") else "has no way to pay for hardware"
    return f"The Job runs as {name}: {plan}, {pays}."


def record(build: Build, _hub: Hub) -> str:
    """Write a word that nobody can guess into the record, and read it back."""
    word = secrets.token_hex(8)
    build.journal.write(FILE, word)
    if (said := build.journal.read(FILE)) != word:
        what = "could not be read back" if said is None else "came back changed"
        raise Failed("record", f"The run record {what}: is the bucket mounted, and may it be written?")
    build.checked = True
    return "The run record was written and read back."
