"""What other slices may import of donors and the fund. The models are for reading statements only."""

from mall.funds.models import Donor, FundEntry
from mall.funds.rules import UNNAMED, DonorKind, FundKind, public_name
from mall.funds.service import donor_of, ensure_donor, fund_left, spend

__all__ = [
    "UNNAMED",
    "Donor",
    "DonorKind",
    "FundEntry",
    "FundKind",
    "donor_of",
    "ensure_donor",
    "fund_left",
    "public_name",
    "spend",
]
