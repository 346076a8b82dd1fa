import json
from pathlib import Path

import pytest

from revisit.findings.withholding.masking import COVER, mask

COVERED = [
    ("请打我电话13000000012谢谢", "请打我电话***谢谢"),
    ("我的手机是 130 0000 0012，别忘了", "我的手机是 ***，别忘了"),
    ("+86 130-0000-0012 随时可以", "*** 随时可以"),
    ("电话：（010）8800 0012", "电话：***"),
    ("１３００００００１２３ 找我", "*** 找我"),
    ("一三零零零零零零零幺二打给我", "***打给我"),
    ("Call me on (020) 7946 0012 please", "Call me on *** please"),
    ("ring +44 7700 900012.", "ring ***."),
    ("身份证110101190001010012没用上", "身份证***没用上"),
    ("身份证 11010119000101001X", "身份证 ***"),
    ("身分證A100000012要給你們嗎", "身分證***要給你們嗎"),
    ("HKID A123456(7) on the form", "HKID *** on the form"),
    ("order 2026080312 was late", "order *** was late"),
    ("write to someone@example.com now", "write to *** now"),
    ("信箱：ceshi_01@example.com.cn。", "信箱：***。"),
    ("邮箱ｃｅｓｈｉ＠ｅｘａｍｐｌｅ.com", "邮箱***"),
    ("我的微信号是ceshi_000012", "我的微信号是***"),
    ("加微信：test00012", "加微信：***"),
    ("my WeChat: test_00012", "my WeChat: ***"),
    ("see https://visit.example.com/v/7q2m4x9k3w5r8t0c for more", "see *** for more"),
    ("链接https://visit.example.com/v/7q2m4x9k，打不开", "链接***，打不开"),
    ("沪A00012的车还在响", "***的车还在响"),
    ("沪A·00012 修了两次", "*** 修了两次"),
    ("粵B 0A012 要等很久", "*** 要等很久"),
    ("新能源车牌沪AD00012", "新能源车牌***"),
    ("車號ABC-0012還沒好", "車號***還沒好"),
    ("我的車 AB 0012 有異音", "我的車 *** 有異音"),
    ("my van AB12 CDE still rattles", "my van *** still rattles"),
    ("der Wagen B-AB 1234 klappert", "der Wagen *** klappert"),
    ("车架号LSVAA00000A000012", "车架号***"),
    ("王小明师傅很专业", "***师傅很专业"),
    ("感谢张师傅！", "感谢***师傅！"),
    ("李經理態度很差", "***經理態度很差"),
    ("欧阳女士接待的", "***女士接待的"),
    ("小王说明天好", "小***说明天好"),
    ("我叫李雷，请回电", "我叫***，请回电"),
    ("我姓陈", "我姓***"),
    ("Mr Smith was rude", "Mr *** was rude"),
    ("Mrs. Anne Example-Jones waited", "Mrs. *** waited"),
    ("the engineer Li Lei forgot a bolt", "the engineer *** forgot a bolt"),
    ("My name is Jane Example.", "My name is ***."),
    ("家在示范路12号3栋402室，太远", "***，太远"),
    ("I live at 12 Example Street nearby", "I live at *** nearby"),
    # forms that an attack found uncovered
    ("一三〇 零零零零 零零幺二", "***"),
    ("打130零零零零零零12", "打***"),
    ("130 *0000* 0012 这个号", "*** 这个号"),
    ("13O0000OO12打给我", "***打给我"),
    ("①③⓪⓪⓪⓪⓪⓪⓪①②", "***"),
    ("vx: test_0012", "vx: ***"),
    ("加我薇信 abc00012", "加我薇信 ***"),
    ("我的LINE：testing", "我的LINE：***"),
    ("someone [at] example [dot] com", "***"),
    ("someone at example dot com", "***"),
    ("user@例子.公司", "***"),
    ("车牌沪 A-D0 0012", "车牌***"),
    ("WJ沪00012", "***"),
    ("车牌号是A00012", "车牌号是***"),
    ("plate ABC 0012", "plate ***"),
    ("National insurance AB 12 34 56 C", "National insurance ***"),
    ("尾号0012", "尾号***"),
    ("工號007的", "工號***的"),
    ("我是王小明，昨天修的", "我是***，昨天修的"),
    ("车主：李雷", "车主：***"),
    ("技师李雷", "技师***"),
    ("李雷（技师）", "***（技师）"),
    ("接待员叫李雷", "接待员叫***"),
    ("修车的叫李雷", "修车的叫***"),
    ("老李头修得好", "老***头修得好"),
    ("谢谢刘师傅和小陈", "谢谢***师傅和小***"),
    ("那个姓王的师傅", "那个姓***的师傅"),
    ("王工很厉害", "***工很厉害"),
    ("陳姐很親切", "***姐很親切"),
    ("黃生好有禮貌", "***生好有禮貌"),
    ("赵老师", "***老师"),
    ("MR JOHN EXAMPLE", "MR ***"),
    ("I'm John Example", "I'm ***"),
    ("Thanks, John", "Thanks, ***"),
    ("a guy called John", "a guy called ***"),
    ("I spoke to Sarah", "I spoke to ***"),
    ("Sarah at the desk", "*** at the desk"),
    ("Manager: Li Lei", "Manager: ***"),
    ("阳光花园5栋2单元1203", "***"),
    ("示范街甲12号院3号楼", "***"),
    ("Flat 3, 12 Example Road", "***"),
    ("PO Box 12", "***"),
]

KEPT = [
    "修了3次还是不好，等了2个小时，花了1200元。",
    "发动机5W30机油，ABS灯还亮，Q5L保养。",
    "师傅很专业，态度很好，谢谢师傅！",
    "任何师傅都可以，对方师傅也行。",
    "总的来说不错，总体满意。",
    "价格太贵了，工时费800，配件1,500。",
    "等了40分鐘，服務人員很親切。",
    "The brakes squeal again after 300 km; 2 visits in 10 days.",
    "Engineer was polite but the part took 3 weeks.",
    "I paid 1,250.00 and still wait for CR-V parts.",
    "0-100 in 8.5 s again, well done!",
    "This is fine. Contact was easy.",
    "施工很快，石工也好，学生优惠。",
    "跳闸的毛病别人查了几回都没查出来。",
    "我是常客，客户马上就到，白天去的。",
    "小毛病，钱太多了，老毛病。",
    "On hold for 38 mins, then the line dropped.",
    "Thanks, Great service. Staff at the desk were kind. It's Great.",
    "I spoke to Reception twice on Monday.",
    "一二三四楼都漏，第三次了。",
]


@pytest.mark.parametrize(("text", "wanted"), COVERED)
def test_it_covers_what_names_a_person(text: str, wanted: str) -> None:
    assert mask(text) == wanted


@pytest.mark.parametrize("text", KEPT)
def test_it_leaves_what_customers_say(text: str) -> None:
    assert mask(text) == text


def test_it_covers_the_people_of_the_order() -> None:
    assert mask("甄真实和Ann都在，ANN快一点，Annual不算", ["甄真实", "Ann"]) == "***和***都在，***快一点，Annual不算"
    assert mask("A B", ["A", "", " "]) == "A B"


def test_it_keeps_chinese_punctuation_as_written() -> None:
    assert mask("好，很好！（真的）") == "好，很好！（真的）"


def test_it_sees_through_invisible_marks() -> None:
    assert mask("130\u200b0000\u200b0012") == COVER


def test_it_covers_nothing_of_comments_that_name_nobody() -> None:
    folder = Path(__file__).parents[2] / "themes"
    rows = [
        row for name in ("comments", "frozen") for row in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    texts = [json.loads(row)["text"] for row in rows]
    assert [text for text in texts if COVER in mask(text)] == []
