"""The pages that are looked at, and what there is to be seen on them, in long words."""

from typing import Any

from flask import Flask

from tests.cast import Cast
from tests.factories import (
    accounts,
    cases,
    deals,
    earnings,
    enablement,
    joint,
    leads,
    mapping,
    privacy,
    requests,
    rounds,
    splits,
    terms,
    yeses,
)
from tests.servers import TestServer

LONG = "ERP for a subsidiary, with Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
PAGES = (
    "/",
    "/offers/received",
    "/offers/received?status=lost",
    "/offers/given",
    "/offers/new",
    "/leads",
    "/leads/mine",
    "/leads/mine?status=lost",
    "/leads?status=won",
    "/imports",
    "/accounts",
    "/accounts?relationship=customer&country=DE",
    "/accounts/new",
    "/accounts/{account}",
    "/accounts/{account}/edit",
    "/accounts/shared",
    "/accounts/openings",
    "/openings/{opening}",
    "/joint-accounts",
    "/joint-accounts/new?account_id={account}",
    "/joint-accounts/{joint}",
    "/joint-accounts/{named}",
    "/joint-accounts/{joint}/as-partner",
    "/accounts/{account}/receipts",
    "/partnerships/{partnership}/accounts/{account}/as-partner",
    "/partnerships/{partnership}/mapping",
    "/partnerships/{partnership}/time",
    "/partnerships/{partnership}/flow-reports",
    "/mappings/{mapping}",
    "/mappings/{agreed}",
    "/accounts/{account}/contacts/new",
    "/account-contacts/{contact}",
    "/accounts/duplicates",
    "/accounts/duplicates?status=rejected",
    "/populations",
    "/populations/new?country=DE",
    "/populations/{population}",
    "/registrations",
    "/registrations?direction=made&status=withdrawn",
    "/registrations?reason=earlier_evidence",
    "/registrations/{outweighed}",
    "/registrations/{registered}",
    "/registrations/{asked}",
    "/deals/register",
    "/deals/drafts",
    "/enablement/results/import",
    "/deals",
    "/deals/list?open=true",
    "/deals/list?open=false",
    "/deals/{deal}",
    "/deals/{deal}/book",
    "/deals/{deal}/attribution",
    "/deals/{deal}/division",
    "/deals/{shared}",
    "/deals/{shared}/split-proposals/new",
    "/my-plan",
    "/my-earnings",
    "/deals/{shared}/revenues",
    "/revenues/{revenue}/refund",
    "/pay-outs",
    "/pay-outs/{pay_out}",
    "/partnerships/{partnership}/selling",
    "/split-proposals",
    "/split-proposals/{split}",
    "/split-proposals/{split}/change",
    "/deals/{deal}/attribution?on=2020-01-01",
    *enablement.PAGES,
    "/exchange",
    "/partnerships",
    "/partnerships/{partnership}",
    "/partnerships/{partnership}/reciprocity",
    "/partnerships/{partnership}/reciprocity?measure=won_value&by=month&currency=USD",
    "/partnerships/{partnership}/reciprocity?measure=expected_value&by=region&from_month=2020-01",
    "/partnerships/{partnership}/fact-sheet",
    "/partnerships/{partnership}/leads",
    "/partnerships/{partnership}/terms",
    "/partnerships/{partnership}/progress",
    "/partnerships/{partnership}/terms/propose",
    "/term-changes/{change}",
    "/partnerships/propose",
    "/proposals",
    "/notices",
    "/notices?unread=true",
    "/notices/preferences",
    "/tokens",
    "/account",
    "/seen",
    "/figures",
    "/figures?month=2020-01",
    "/figures/people/{sam}",
    "/works-agreement",
    "/hours",
    "/deputies",
    "/partnerships/{partnership}/disclosures",
    "/cases",
    "/cases?status=withdrawn",
    "/cases/new?subject=offers&subject_id={declined}",
    "/cases/{case}",
    "/cases/{decided}",
    "/moderations",
    "/offers/{declined}",
    "/offers/{converted}",
    "/offers/{received}",
    "/leads/{lead}",
    "/leads/{lead}/offer",
    "/partnerships/{partnership}/rounds",
    "/rounds/{revealed}",
    "/rounds/{open}",
    "/offer-requests/{request}",
    "/partnerships/{partnership}/claim-check",
    "/routing",
    "/routing?partnership_id={partnership}&country=DE",
)


def _companies(cast: Cast) -> dict[str, str]:
    """Let there be an account with somebody at it, a joint one with its plan, and one that is proposed."""
    return {
        "account": accounts.account(cast.dana, **accounts.whole(cast, name=LONG))["id"],
        "contact": accounts.known_contact(cast.dana)["id"],
        "joint": joint.planned_out(cast, LONG)["id"],
        "named": joint.proposed(cast.hank, cast.partnership_id, name=LONG)["id"],
    }


def _exchanged(cast: Cast) -> dict[str, str]:
    """Let leads stand where their pages differ most, and two rounds of exchange."""
    made = {
        "declined": leads.offer_at(cast, "declined")["id"],
        "converted": leads.offer_at(cast, "converted")["id"],
        "received": leads.offer(cast.gina, cast.partnership_id, need=LONG, industry="Rail")["id"],
        "lead": leads.lead(cast.dana, company_name=LONG)["id"],
        "revealed": rounds.revealed(cast, note=LONG)["id"],
        "open": rounds.opened(cast.hank, cast.dana, cast.partnership_id)["id"],
    }
    rounds.pick(cast.dana, {"id": made["open"]}, leads.lead(cast.dana, company_name=LONG))
    return made


def _shared(cast: Cast) -> dict[str, str]:
    """Let a deal be shared, with templates of every kind, its own side's share be divided and another split wait."""
    splits.allowed(cast)
    deal = deals.opened(cast, cast.sam, company="Wingtip")
    fee = {"payer_id": str(cast.hank.actor.organization_id), "rate": 30_000}
    splits.agree(cast, deal, 333_333, referral_fee=fee, revenue_share=fee)
    parts = [{"user_id": str(one.actor.user_id), "parts": 1} for one in (cast.sam, cast.nora, cast.dana)]
    splits.divide(cast.dana, deal, whole=3, participants=parts)
    waiting = splits.propose(cast.hank, deal, splits.split(cast, 500_000, based_on=1))
    return {"shared": deal["id"], "split": waiting["id"], **_earned(cast, deal)}


def _earned(cast: Cast, deal: dict[str, Any]) -> dict[str, str]:
    """Let a deal be won and invoiced, and what it earns be on its way to two people; somebody has no plan."""
    for one in (cast.sam, cast.dana):
        earnings.paid(cast, one)
    for stage in ("committed", "closed_won"):
        deal = deals.move(cast.sam, deals.read(cast.sam, deal), stage)
    earnings.recorded(cast.hank, deal, "invoiced", "119999.99", reference="X" * 40)
    earnings.follow(cast.dana)
    pay_out = cast.dana.call("POST", "/pay-outs", json={"currency": "EUR"}, expect=201)
    win = next(one for one in earnings.revenues(cast.sam, deal) if one["kind"] == "won")
    return {"revenue": win["id"], "pay_out": pay_out["id"]}


def made(app: Flask, server: TestServer, database: str, cast: Cast) -> dict[str, str]:
    """Let there be one of everything that has a page; return what stands in its addresses."""
    places = {
        "partnership": str(cast.partnership_id),
        "case": cases.submitted(cast)["id"],
        "decided": cases.decided(cast)["id"],
        "pair": accounts.pair(cast.dana, name=LONG, city="Hamburg")["id"],
        "opening": yeses.opened(app, server, database, cast, LONG)["id"],
        "mapping": mapping.propose(cast.hank, cast.partnership_id, label=LONG[:80])["id"],
        "agreed": mapping.agreed(cast, label=LONG[:80])["id"],
        "population": accounts.population(cast.dana, name=LONG[:100], criteria={"industry": [LONG[:100]]})["id"],
        **_exchanged(cast),
        **_companies(cast),
        "outweighed": deals.conflict(cast)[0]["id"],
        "deal": deals.opened(cast, cast.dana, account={"name": LONG, "domain": "fabrikam.example"})["id"],
        **_shared(cast),
        "registered": deals.register(cast.gina, cast.partnership_id, company="Contoso", asks=LONG)["id"],
        "asked": deals.asked(cast, LONG)["id"],
        **enablement.places(cast, LONG),
        "sam": str(cast.sam.actor.user_id),
    }
    privacy.opened(cast)
    terms.agree(cast, trust_advance=1)
    places["request"] = requests.asked(cast.sam, cast, note=LONG, lead_id=leads.lead(cast.sam, need=LONG)["id"])["id"]
    cast.dana.call("PUT", "/routing", json={"rules": [{"user_ids": [places["sam"]], "countries": ["DE"]}]}, expect=200)
    terms.agree(cast)
    places["change"] = terms.propose(cast.hank, cast.partnership_id, note=LONG, offer_days=9)["id"]
    cast.ines.call("POST", "/proposals", json={"addressee": "dana@acme.example", "message": LONG}, expect=201)
    return places
