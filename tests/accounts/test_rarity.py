"""The rarer a word, the more it tells."""

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.rarity import Rarity

WORDS = ("zyxquo", "norbital", "bank", "group", "phoenix", "germany", "ab", "7")
names = st.lists(st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=4), max_size=30)


@given(names, st.sampled_from(WORDS))
def test_one_more_name_with_a_word_never_makes_it_tell_more(known: list[frozenset[str]], word: str) -> None:
    more = Rarity([*known, frozenset({word, "another"}), frozenset({word, "third"})])
    as_long = Rarity([*known, frozenset({"some", "another"}), frozenset({"some", "third"})])

    assert more.weight(word) <= as_long.weight(word)


@given(names, st.sampled_from(WORDS))
def test_a_word_never_speaks_against(known: list[frozenset[str]], word: str) -> None:
    assert Rarity(known).weight(word) >= 0


def test_an_owner_that_a_list_repeats_stays_rare_and_a_trade_does_not() -> None:
    repeated = Rarity(frozenset({"zyxquo", "bank", f"part{number}"}) for number in range(5000))

    assert repeated.weight("bank") < 1000
    assert repeated.weight("zyxquo") > 5000


def test_the_names_of_the_pair_itself_do_not_make_its_words_common() -> None:
    pair = [frozenset({"zyxquo"}), frozenset({"zyxquo", "bank"})]

    assert Rarity(pair).weight("zyxquo", shared_by=2) >= Rarity([]).weight("zyxquo")
    assert Rarity([*pair, frozenset({"zyxquo", "group"})]).weight("zyxquo") < Rarity([]).weight("zyxquo")
