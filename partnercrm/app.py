"""The only file that knows all parts: makes the Flask application and opens its doors."""

from datetime import timedelta
from typing import Final, Literal

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from partnercrm.accounts import jobs as accounts_jobs
from partnercrm.accounts.api import api as accounts_api
from partnercrm.accounts.api.candidates import api as candidates_api
from partnercrm.accounts.api.cards import api as cards_api
from partnercrm.accounts.api.contacts import api as account_contacts_api
from partnercrm.accounts.api.duplicates import api as duplicates_api
from partnercrm.accounts.api.flows import api as flows_api
from partnercrm.accounts.api.joint import api as joint_api
from partnercrm.accounts.api.losses import api as losses_api
from partnercrm.accounts.api.mapping import api as mapping_api
from partnercrm.accounts.api.plans import api as plans_api
from partnercrm.accounts.api.populations import api as populations_api
from partnercrm.accounts.api.receipts import api as receipts_api
from partnercrm.accounts.api.times import api as times_api
from partnercrm.accounts.api.yeses import api as yeses_api
from partnercrm.accounts.pages import cards as account_cards
from partnercrm.accounts.pages import pages as accounts_pages
from partnercrm.accounts.queries import receipts
from partnercrm.activity import actions as activity
from partnercrm.activity import jobs as activity_jobs
from partnercrm.activity.api import api as activity_api
from partnercrm.calendars import queries as calendars
from partnercrm.calendars.api import api as calendars_api
from partnercrm.calendars.pages import pages as calendars_pages
from partnercrm.cases import jobs as cases_jobs
from partnercrm.cases.actions import exhibits
from partnercrm.cases.api import api as cases_api
from partnercrm.cases.pages import pages as cases_pages
from partnercrm.deals import jobs as deals_jobs
from partnercrm.deals.api import DOORS as DEALS
from partnercrm.deals.pages import pages as deals_pages
from partnercrm.disclosures.api import api as disclosures_api
from partnercrm.disclosures.pages import pages as disclosures_pages
from partnercrm.enablement import jobs as enablement_jobs
from partnercrm.enablement.api import api as enablement_api
from partnercrm.enablement.api.gating import api as gates_api
from partnercrm.enablement.api.measuring import api as coverage_api
from partnercrm.enablement.api.propositions import api as propositions_api
from partnercrm.enablement.pages import pages as enablement_pages
from partnercrm.identity import authenticator, retention, subject_access
from partnercrm.identity import jobs as identity_jobs
from partnercrm.identity.actions import erasing, leaving
from partnercrm.identity.api import api as identity_api
from partnercrm.identity.cli import identity as identity_commands
from partnercrm.identity.pages import pages as identity_pages
from partnercrm.identity.queries import seen
from partnercrm.incentives import jobs as incentives_jobs
from partnercrm.incentives.api import DOORS as INCENTIVES
from partnercrm.incentives.pages import pages as incentives_pages
from partnercrm.integrations import jobs as integrations_jobs
from partnercrm.integrations.api import api as integrations_api
from partnercrm.integrations.pages import pages as integrations_pages
from partnercrm.kernel import jobs, mail
from partnercrm.kernel.db import acting, db
from partnercrm.leads import jobs as leads_jobs
from partnercrm.leads.api import api as leads_api
from partnercrm.leads.api.causes import api as causes_api
from partnercrm.leads.api.claims import api as claims_api
from partnercrm.leads.api.following import api as following_api
from partnercrm.leads.api.questions import api as questions_api
from partnercrm.leads.api.requests import api as requests_api
from partnercrm.leads.api.rounds import api as rounds_api
from partnercrm.leads.api.routing import api as routing_api
from partnercrm.leads.api.sellers import api as sellers_api
from partnercrm.leads.api.values import api as values_api
from partnercrm.leads.pages import pages as leads_pages
from partnercrm.notices import jobs as notices_jobs
from partnercrm.notices import kinds as notices
from partnercrm.notices.api import api as notices_api
from partnercrm.notices.pages import links as mail_links
from partnercrm.notices.pages import pages as notices_pages
from partnercrm.partnerships import jobs as partnerships_jobs
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.api import api as partnerships_api
from partnercrm.partnerships.pages import pages as partnerships_pages
from partnercrm.partnerships.queries import phases
from partnercrm.reactions import (
    ERASED_FROM,
    EXHIBITS,
    GOAL_FIGURES,
    HOLDERS,
    KEPT_FOR_A_TIME,
    KINDS,
    REACTIONS,
    RECEIPTS,
    SECTIONS,
    SIGHTS,
)
from partnercrm.settings import Misconfigured, settings
from partnercrm.web import (
    authentication,
    errors,
    frame,
    health,
    language,
    logs,
    mailbox,
    metrics,
    openapi,
    problems,
    rate_limits,
    request_id,
    security,
    uploads,
)
from partnercrm.web import jobs as web_jobs
from partnercrm.web.endpoint import Door, operations
from partnercrm.web.page import Pages

APIS: Final[tuple[Door, ...]] = (
    identity_api,
    calendars_api,
    notices_api,
    partnerships_api,
    enablement_api,
    gates_api,
    propositions_api,
    coverage_api,
    accounts_api,
    account_contacts_api,
    duplicates_api,
    populations_api,
    mapping_api,
    joint_api,
    yeses_api,
    candidates_api,
    plans_api,
    receipts_api,
    flows_api,
    losses_api,
    cards_api,
    times_api,
    leads_api,
    sellers_api,
    causes_api,
    following_api,
    questions_api,
    requests_api,
    claims_api,
    rounds_api,
    routing_api,
    values_api,
    *DEALS,
    *INCENTIVES,
    integrations_api,
    cases_api,
    disclosures_api,
    activity_api,
)
PAGES: Final[tuple[Pages, ...]] = (
    leads_pages,
    deals_pages,
    incentives_pages,
    accounts_pages,
    integrations_pages,
    partnerships_pages,
    enablement_pages,
    cases_pages,
    disclosures_pages,
    identity_pages,
    notices_pages,
    calendars_pages,
)
JOBS: Final = (
    *(accounts_jobs, identity_jobs, activity_jobs, cases_jobs, enablement_jobs, deals_jobs, incentives_jobs),
    *(integrations_jobs, leads_jobs, notices_jobs, partnerships_jobs, web_jobs),
)
Part = Literal["web", "worker"]


def create_app(part: Part = "web") -> Flask:
    """Make the application for the web server or the job worker. Misconfigured says what is missing."""
    logs.install()
    app = Flask("partnercrm", template_folder="web/templates", static_folder="web/static")
    _configure(app, part)
    db.init_app(app)
    Babel(app, locale_selector=language.chosen, timezone_selector=_zone)
    _protect(app)
    errors.install(app)
    authentication.install(app, authenticator.install(app))
    _open_doors(app)
    rate_limits.install(app)
    jobs.surround(app.app_context)
    mail.through(_mail())
    activity.react_with(REACTIONS)
    exhibits.show_with(EXHIBITS)
    receipts.install(RECEIPTS)
    leaving.install(HOLDERS)
    phases.count_goals_with(GOAL_FIGURES)
    erasing.install(ERASED_FROM)
    subject_access.install(SECTIONS)
    retention.install(KEPT_FOR_A_TIME)
    seen.install(SIGHTS, {operation.endpoint: operation.scope for _path, operation in operations(APIS)})
    notices.install(KINDS, partnerships.is_held_member)
    return app


def _zone() -> str | None:
    """Return the zone in which moments are told to whoever reads; outside a transaction nobody's is known."""
    actor = acting()
    return calendars.zone_of(actor).key if actor else None


def _mail() -> mail.Relay | mail.Mailbox | None:
    given = settings()
    if given.mail_from is None:
        return None
    if given.environment != "production" and given.mailbox_directory is not None:
        return mail.Mailbox(given.mailbox_directory, given.mail_from)
    if given.smtp_host is None:
        return None
    password = given.smtp_password.get_secret_value() if given.smtp_password else None
    return mail.Relay(given.smtp_host, given.smtp_port, given.smtp_security, given.mail_from, given.smtp_user, password)


def _configure(app: Flask, part: Part) -> None:
    given = settings()
    url = given.worker_database_url if part == "worker" else given.database_url
    if url is None:
        raise Misconfigured("Set DATABASE_URL (and PARTNERCRM_WORKER_DATABASE_URL), or run the demo.")
    if given.secret_key is None or len(given.secret_key.get_secret_value()) < 32:
        raise Misconfigured("Set PARTNERCRM_SECRET_KEY to at least 32 random characters.")
    plain_http = given.insecure_cookies
    app.config.update(
        SECRET_KEY=given.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": given.web_threads,
            "max_overflow": given.web_threads,
            "pool_timeout": 10,
            "hide_parameters": True,
        },
        TESTING=given.environment == "test",
        MAX_CONTENT_LENGTH=given.body_limit,
        MAX_FORM_MEMORY_SIZE=given.body_limit,
        SESSION_COOKIE_NAME="partnercrm" if plain_http else "__Host-partnercrm",
        SESSION_COOKIE_SECURE=not plain_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=given.session_hours),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if given.trusted_proxies:
        hops = given.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _protect(app: Flask) -> None:
    request_id.install(app)
    uploads.install(app)
    security.install(app)
    protection = CSRFProtect(app)
    for door in APIS:
        protection.exempt(door)
    # A mail program's one click brings no form of ours; the link itself is the proof.
    protection.exempt(mail_links.unsubscribe)


def _open_doors(app: Flask) -> None:
    api = openapi.install(app)
    for door in APIS:
        api.open(door)
    for pages in PAGES:
        app.register_blueprint(pages)
    app.register_blueprint(mail_links.links)
    app.register_blueprint(account_cards.cards)
    frame.install(app)
    app.register_blueprint(problems.doors)
    app.register_blueprint(health.doors)
    app.register_blueprint(metrics.doors)
    mailbox.install(app)
    app.cli.add_command(identity_commands)
