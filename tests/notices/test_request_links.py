"""A mail about a request to offer beyond the trust advance lets its reader decide at once."""

import re
from urllib.parse import urlsplit

from flask import Flask

from tests.cast import Cast
from tests.factories import leads
from tests.factories.notices import Errands
from tests.factories.requests import asked, spent
from tests.post import PostOffice
from tests.surfer import Surfer


def test_the_managers_mail_offers_or_declines_by_a_link_and_names_no_customer(
    app: Flask, cast: Cast, errands: Errands, office: PostOffice
) -> None:
    spent(cast)
    for act, values in (("offer", {}), ("decline", {"answer": "Later."})):
        lead = leads.lead(cast.sam, company_name=f"Secretive {act}")
        errands.run()
        office.arrived.clear()
        request = asked(cast.sam, cast, lead_id=lead["id"])
        errands.run()
        [message] = [one for one in office.arrived if one["To"] == cast.dana.email]
        text = message.get_body(("plain",)).get_content()
        assert "Secretive" not in message.as_string()
        paths = dict(zip(("offer", "decline"), re.findall(r"\S+/answer/\S+", text), strict=True))
        path = urlsplit(paths[act]).path
        assert "Next to give" in app.test_client().get(path).text

        done = Surfer(app).send(path, values, shown_on=path)

        assert done.status_code == 200, done.text
        read = cast.sam.response("GET", f"/offer-requests/{request['id']}")
        assert read.status_code == 404 if act == "offer" else read.json["answer"] == "Later."
