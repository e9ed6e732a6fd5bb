"""The bot without one part, to see it by what is missing: `python -m scripts.bench.without PART`.

`parse`: every delivery is taken for one that is not for us, without a look. `work`: what is taken is kept,
and nothing is begun.
"""

import sys
from collections.abc import Callable
from unittest.mock import patch

from bot import serve
from bot.domain.events import Ignored

PARTS: dict[str, tuple[str, Callable[..., object]]] = {
    "parse": ("bot.app.read_payload", lambda _body, _name, _id: Ignored("not read")),
    "work": ("bot.hand_over.HandOver.take", lambda _self, _key: None),
}

if __name__ == "__main__":
    with patch(*PARTS[sys.argv[1]]):
        sys.exit(serve.main([]))
