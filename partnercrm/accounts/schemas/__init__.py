"""Shapes of accounts on the wire."""

from partnercrm.accounts.schemas.contacts import AddContact, ChangeContact, ContactQuery, ContactView
from partnercrm.accounts.schemas.duplicates import (
    AlikeQuery,
    AlikesView,
    MergeAccounts,
    MergeQuery,
    MergeView,
    PairQuery,
    PairView,
    ParentsView,
    SetParent,
)
from partnercrm.accounts.schemas.keeping import (
    AccountQuery,
    AccountsView,
    AccountView,
    ChangeAccount,
    EnterAccount,
    HitsView,
    PutAccount,
    PutAccounts,
    SearchQuery,
)
from partnercrm.accounts.schemas.populations import (
    ChangePopulation,
    MakePopulation,
    PopulationQuery,
    PopulationVersionsQuery,
    PopulationVersionView,
    PopulationView,
)

__all__ = [
    "AccountQuery",
    "AccountView",
    "AccountsView",
    "AddContact",
    "AlikeQuery",
    "AlikesView",
    "ChangeAccount",
    "ChangeContact",
    "ChangePopulation",
    "ContactQuery",
    "ContactView",
    "EnterAccount",
    "HitsView",
    "MakePopulation",
    "MergeAccounts",
    "MergeQuery",
    "MergeView",
    "PairQuery",
    "PairView",
    "ParentsView",
    "PopulationQuery",
    "PopulationVersionView",
    "PopulationVersionsQuery",
    "PopulationView",
    "PutAccount",
    "PutAccounts",
    "SearchQuery",
    "SetParent",
]
