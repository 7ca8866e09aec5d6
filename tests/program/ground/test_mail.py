"""Mail: the same words as text and as HTML, one button, nothing in them is read as markup."""

from gradatim.program.ground import actions
from gradatim.program.ground.delivery import email

TEXT = "Ada, your <b>credential</b> is ready.\n\nGet it on this page:\nhttps://x.example/get/abc\n\nOr see\nhttps://x.example/get/\nand type ABCD-EFGH."


def test_one_button_and_the_same_words():
    html = email.as_html(TEXT, "River & Sons")
    assert html.count('class="button"') == 1
    assert 'href="https://x.example/get/abc"' in html
    assert "your &lt;b&gt;credential&lt;/b&gt; is ready" in html
    assert "River &amp; Sons" in html
    assert "https://x.example/get/<br>and type ABCD-EFGH." in html


def test_a_mail_has_both_forms_and_the_same_id_every_time(db, mailoutbox):
    row = actions.write_mail(
        key="claim:1", to="ada@x.example", subject="Ready\r\nBcc: all", text=TEXT, organization_name="River"
    )
    for _ in range(2):
        email.send(row.payload)
    first, second = mailoutbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.subject == "Ready Bcc: all"
    assert first.body == TEXT
    assert [kind for _, kind in first.alternatives] == ["text/html"]
