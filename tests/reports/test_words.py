from revisit.reports.words import GAP, gap, gap_html, words


def test_it_puts_a_gap_between_chinese_and_latin_letters_or_digits() -> None:
    assert gap("少于10份") == f"少于{GAP}10{GAP}份"
    assert gap("CSI指数78%") == f"CSI{GAP}指数{GAP}78%"


def test_it_leaves_punctuation_and_other_texts_alone() -> None:
    assert gap("满意，78。") == "满意，78。"
    assert gap("only English 78") == "only English 78"


def test_it_puts_the_gap_across_inline_tags_but_not_across_blocks() -> None:
    assert gap_html("<p>共<strong>78</strong>分</p>") == f"<p>共<strong>{GAP}78</strong>{GAP}分</p>"
    assert gap_html("<p>共</p><p>78</p>") == "<p>共</p><p>78</p>"


def test_it_leaves_attributes_styles_titles_and_drawings_as_they_are() -> None:
    page = '<title>第3季</title><style>p::before{content:"第3"}</style><svg><text>第3</text></svg><p lang="x第3">a</p>'
    assert gap_html(page) == page


def test_it_speaks_each_region_in_its_own_words() -> None:
    assert words("zh-Hans").gettext("quality") == "质量"
    assert words("zh-Hant").gettext("quality") == "品質"
    assert words("en").gettext("quality") == "quality"


def test_it_joins_names_as_the_language_does() -> None:
    assert words("en").listed(["speed", "price"]) == "speed and price"
    assert words("zh-Hans").listed(["速度", "价格"]) == "速度和价格"


def test_it_counts_as_english_does() -> None:
    said = [words("en").ngettext("%(points)s point", "%(points)s points", number, points=number) for number in (1, 2)]
    assert said == ["1 point", "2 points"]


def test_it_keeps_bases_dates_ranges_and_counted_numbers_on_one_line() -> None:
    kept = [
        ("共（n = 1,290）份", "（n = 1,290）"),
        ("(n = 90)", "(n = 90)"),
        ("在2026年11月2日之前", f"2026{GAP}年{GAP}11{GAP}月{GAP}2{GAP}日"),
        ("自2026年第3季度以来", f"2026{GAP}年第{GAP}3{GAP}季度"),
        ("约±2分。", f"±2{GAP}分"),
        ("下降14～21分", f"14～21{GAP}分"),
        ("78–81", "78–81"),
    ]
    for text, whole in kept:
        assert f'<span class="nowrap">{whole}</span>' in gap_html(f"<p>{text}</p>")
