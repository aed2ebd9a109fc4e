import pytest
from tests.support.server import serve
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll
@pytest.mark.parametrize("who", ["camille","therese","ada"])
def test_sign_in(house, client, new_client, statements, who):
    client.get("/login")
    r=client.submit(".//form[@action='/login']", {"email":f"{who}@maison-lutece.example","password":"thermes-demo"})
    assert r.status_code==303
    with statements() as s:
        r=client.get(r.location)
    print(r.status, r.location, len(s))
    r=client.get("/nowhere"); print(r.status)
def test_live(house, database, tmp_path, open_browser, look):
    with serve(database.url, tmp_path) as s:
        page=open_browser(PHONE, base_url=s.url)
        page.goto("/login?lang=fr")
        assert_accessible(page); assert_no_sideways_scroll(page); look(page,"login")
