"""Amounts of money as people read them."""


def in_dollars(amount: float) -> str:
    """`$0`, `under $0.001`, `$0.004`, `$1.00`."""
    match amount:
        case 0:
            return "$0"
        case _ if 0 < amount < 0.001:
            return "under $0.001"
        case _:
            return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.3f}"
