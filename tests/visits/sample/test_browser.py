"""The browser without a screen: which fields it reads and what it posts."""

from revisit.visits.sample.browser import read_form

PAGE = """
<form method="post"><button name="switch" value="zh-Hans">中文</button>
<input type="radio" name="overall" value="1"><input type="radio" name="overall" value="2">
<textarea name="comment"></textarea><input name="website"><input type="hidden" name="form_hash" value="ab&amp;c">
</form>
"""


def test_it_posts_hidden_fields_texts_and_what_was_chosen() -> None:
    assert read_form(PAGE).body({"overall": "2", "comment": "好 & gut"}) == (
        "form_hash=ab%26c&comment=%E5%A5%BD+%26+gut&website=&overall=2"
    )


def test_it_posts_no_choice_that_the_page_does_not_offer() -> None:
    assert read_form(PAGE).body({"overall": "3", "price": "1"}) == "form_hash=ab%26c&comment=&website="
