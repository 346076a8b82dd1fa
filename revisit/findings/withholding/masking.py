"""Masking: what names a person in a comment is covered before anybody prints it."""

import re
import unicodedata
from collections.abc import Iterable

COVER = "***"

# Full-width letters, digits and the marks of addresses and numbers; other punctuation stays as it was written.
_FULL_WIDTH = {place + 0xFEE0: place for place in range(0x21, 0x7F) if chr(place).isalnum() or chr(place) in "@+-./"}

_HAN = r"\u3400-\u9fff"
_DIGITS = r"[0-9]"
# Letters and digits in any script join to a word; Chinese has no spaces, so only Latin ones may bound a pattern.
_LEFT, _RIGHT = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"

_LINK = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u303f\uff00-\uff0f]+", re.IGNORECASE)
_EMAIL = re.compile(
    rf"[A-Za-z0-9_.+%-]+\s?@\s?[A-Za-z0-9{_HAN}-]+(?:\.[A-Za-z0-9{_HAN}-]+)+"
    r"|[A-Za-z0-9_.+%-]+\s*(?:[\[(]\s*at\s*[\])]|\sat\s|艾特)\s*[A-Za-z0-9-]+\s*"
    r"(?:[\[(]\s*dot\s*[\])]|\sdot\s|点|點)\s*[A-Za-z]{2,}",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"((?<![A-Za-z])(?:微信|威信|薇信|wechat|weixin|v信|v❤|vx|wx|whats\s?app|telegram|qq|line|抖音|快手|小红书|小紅書"
    r"|钉钉|釘釘|skype)(?:\s?(?:号|號|id|no\.?|is|是))*\s?[:：]?\s?)"
    r"(?:(?<=[:：号號是@])|(?<=[:：号號是]\s)|(?=[A-Za-z_@.-]*[0-9_]))[A-Za-z0-9_@.-]{5,}",
    re.IGNORECASE,
)
# What is said to be a plate, the end of a number, or a number of staff.
_SAID = re.compile(
    r"((?:车牌|車牌|车号|車號|plate|registration|\breg)(?:号码|號碼|号|號)?(?:\s?(?:number|no\.?|is|是|为|為))*\s?[:：]?\s?)"
    rf"(?=[A-Z ·.-]{{0,4}}{_DIGITS})[A-Z0-9](?:[ ·.-]?[A-Z0-9]){{3,7}}{_RIGHT}"
    r"|((?:尾号|尾號|后四位|後四碼|末四位|末四碼|工号|工號)\s?[:：是]?\s?)[0-9]{2,6}",
    re.IGNORECASE,
)
# A run of seven digits or more, however it is spaced: telephone, identity card, order or account number, a full date.
_NUMBER = re.compile(rf"(?<![A-Za-z0-9])[+(（]*{_DIGITS}(?:[\s()（）.*+/·—–-]{{0,3}}[0-9Oo]){{6,}}[Xx]?(?![A-Za-z0-9])")
_SPOKEN = re.compile(
    r"[0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[\s·-]?[0-9零〇一二三四五六七八九幺两兩壹贰叁肆伍陆柒捌玖]){6,}"
)
_VEHICLE = re.compile(rf"{_LEFT}(?=[A-HJ-NPR-Z]*{_DIGITS})[A-HJ-NPR-Z0-9]{{17}}{_RIGHT}", re.IGNORECASE)
_IDENTITY = re.compile(
    rf"{_LEFT}[A-Z]{{1,2}}{_DIGITS}{{6,9}}(?:\({_DIGITS}\)|\([A-Z]\))?{_RIGHT}"
    rf"|{_LEFT}[A-Z]{{2}}\s?{_DIGITS}{{2}}\s?{_DIGITS}{{2}}\s?{_DIGITS}{{2}}\s?[A-D]{_RIGHT}",
    re.IGNORECASE,
)

_PROVINCES = "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊使领領学學警"
# Mainland China, however the letters are typed; then Taiwan, Hong Kong, the United Kingdom and Germany in capitals.
_PLATES = re.compile(
    rf"[{_PROVINCES}]\s?[A-Z]\s?[·.•-]?\s?(?:[A-Z0-9](?:[\s-]?[A-Z0-9]){{4,5}}{_RIGHT}|[A-Z0-9]{{4}}[挂掛学學警港澳])"
    rf"|WJ\s?[{_PROVINCES}]?\s?[A-Z0-9]{{5}}{_RIGHT}|使\s?{_DIGITS}{{6}}{_RIGHT}",
    re.IGNORECASE,
)
_LATIN_PLATES = re.compile(
    rf"{_LEFT}(?:[A-Z]{{2,3}}-{_DIGITS}{{3,4}}|{_DIGITS}{{3,4}}-[A-Z]{{2,3}}|[A-Z]{{2}}\s{_DIGITS}{{3,4}}"
    rf"|[A-Z]{{2}}{_DIGITS}{{2}}\s?[A-Z]{{3}}|[A-ZÄÖÜ]{{1,3}}[- ][A-Z]{{1,2}}[- ]?{_DIGITS}{{2,4}}[EH]?){_RIGHT}"
)

# The surnames of nine people in ten; left out are those that are mostly another word, such as 于, 和, 向, 时 and 车.
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁宋唐许許韩韓邓鄧冯馮曹彭曾肖蕭萧田董潘袁蔡蒋蔣"
    "余杜叶葉程魏苏蘇吕呂丁沈任姚卢盧傅钟鐘姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱邹鄒熊孟秦白阎閻薛侯雷龙龍段郝孔邵史"
    "毛常万萬顾顧赖賴武康贺賀严嚴尹钱錢施牛洪龚龔"
)
_COMPOUND = "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|尉遲|公孙|公孫"
_NO_GIVEN = "的了是很我你您他她们們这這那有不没沒都也和跟与與给給让讓被把对對找请請位個个说說修帮幫在来來就還还上"
_GIVEN = rf"(?:(?![{_NO_GIVEN}])[{_HAN}])"
_TITLE = (
    "先生|小姐|女士|太太|师傅|師傅|经理|經理|主任|店长|店長|顾问|顧問|工程师|工程師|技师|技師|老板|老闆|老师|老師|阿姨|大姐"
    "|大哥|叔叔|总(?!是|之|体|共|算|的)"
)
_NAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_CHINESE_TITLED = re.compile(rf"(?<![任对對])(?!任何){_NAME}{_GIVEN}{{0,2}}(?=\s?[（(]?(?:{_TITLE}))")
_THANKS_TITLED = re.compile(rf"(?<![谢謝感多答])[谢謝](?=(?:{_TITLE}))")
_ACTS = "师傅|師傅|说|說|修|帮|幫|很|态|態|服务|服務|技术|技術"
# What may stand after a name: the end, a mark, or how the sentence goes on.
_END = r"$|[\s，。！？、；：,.!?;:)）]"
_ONWARDS = rf"(?={_END}|{_ACTS}|人|真|好|超|特别|特別|非常|给|給|的|打|来|來|接待)"
_CHINESE_FAMILIAR = re.compile(rf"(?<=[小老阿])[{_SURNAMES}](?={_END}|头|頭|(?:{_ACTS}))")
# A surname before a short word for a person, where it begins a phrase: elsewhere it is part of a word (施工, 学生).
_CHINESE_SHORT = re.compile(
    rf"(?:(?<=[，。！？、；,.!?;\s谢謝感和跟找由位])|^)(?![施金石]工|[钱錢余][太生])[{_SURNAMES}](?=[工姐哥叔伯生太]{_ONWARDS})"
)
_CHINESE_SURNAME = re.compile(rf"(?<=姓)[{_SURNAMES}](?=的)")
_NO_CHINESE_NAME = "(?!常客|常年|马上|馬上|高级|高級|白天|金卡|严重|嚴重)"
_CHINESE_SELF = re.compile(
    rf"(我叫|我的名字是|我名叫|名字叫|姓名[:：]?|联系人[:：]?|聯絡人[:：]?)\s?(?:{_COMPOUND}|[{_HAN}])[{_HAN}]{{1,2}}"
    rf"|(我姓|免贵姓|免貴姓)(?:{_COMPOUND}|[{_HAN}])"
    rf"|((?:我是|本人|车主|車主|客户|客戶|联系|聯絡|(?:{_TITLE}|接待员|接待員|客服)(?:叫|是)?|的叫)[:：]?\s?)"
    rf"{_NO_CHINESE_NAME}{_NAME}{_GIVEN}{{1,2}}{_ONWARDS}"
)

_LATIN_WORD = r"[A-Z][A-Za-zÀ-ÿ'’-]+"
_LATIN_NAME = rf"{_LATIN_WORD}(?:\s+(?:de|van|von|der)\b)?(?:\s+{_LATIN_WORD}){{0,2}}"
# Words that begin with a capital where a name could stand.
_NO_NAME = (
    r"(?!(?:I|The|They|Staff|People|Everyone|Everybody|Nobody|Someone|Team|Guys?|All|You|So|Very|Again|Great|Good|Best"
    r"|Service|Reception|Receptionist|Manager|Engineer|Lady|Man|Woman|Girl|Parts|Waiting|Nothing|Queue|God|Well|It"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)"
)
_ENGLISH_TITLED = re.compile(
    rf"\b((?i:Mr|Mrs)\.?\s+)[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]+(?:\s+{_LATIN_WORD}){{0,2}}"
    rf"|\b((?:Ms|Miss|Mister|Madam|Dr|Prof|MS|MISS|DR)\.?\s+){_LATIN_NAME}"
)
_ROLES = "engineer|technician|mechanic|advis[eo]r|manager|receptionist|salesman|colleague"
_ENGLISH_ROLE = re.compile(rf"\b((?i:{_ROLES})(?:[,:]|\s+named|\s+called)?\s+)(?!I\b){_LATIN_NAME}")
_ENGLISH_SELF = re.compile(
    r"\b((?i:my\s+name\s+is|my\s+name's|this\s+is|call\s+me|ask\s+for|contact|regards,?|signed,?"
    r"|(?:spoke|speak|speaking|talked)\s+(?:to|with)|thanks\s+to"
    rf"|(?:guy|man|lady|woman|girl|lad|bloke|chap|someone)\s+(?:called|named))\s+){_NO_NAME}{_LATIN_NAME}"
    rf"|\b((?i:i'?m|i\s+am|it'?s)\s+){_LATIN_WORD}\s+{_LATIN_WORD}"
    rf"|\b((?i:thanks|thank\s+you|cheers|yours)\s?[,–-]\s*){_NO_NAME}{_LATIN_NAME}(?=\W*$)"
)
_PLACES = "reception|front\\s+desk|desk|workshop|parts|sales|office"
_ENGLISH_PLACED = re.compile(rf"\b{_NO_NAME}{_LATIN_WORD}(?=\s+(?:at|from|in|on)\s+(?:the\s+)?(?:{_PLACES})\b)")

_COUNT = "[0-9一二三四五六七八九十百]"
_PARTS = "号楼|號樓|号|號|栋|棟|幢|座|单元|單元|楼|樓|层|層|室"
_CHINESE_ADDRESS = re.compile(
    rf"[{_HAN}]{{1,10}}?(?:路|街|大道|巷|弄|胡同|新村|社区|社區|段)[甲乙丙]?\s?{_COUNT}+\s?(?:号院|号|號|弄|巷)"
    rf"(?:[0-9A-Za-z一二三四五六七八九十]+(?:{_PARTS}|之[0-9]+))*"
    rf"|[{_HAN}]{{2,8}}?(?:小区|小區|花园|花園|家园|家園|公寓|苑|村|新城|大厦|大廈)\s?{_COUNT}{{1,4}}(?:{_PARTS}|组|組)"
    rf"(?:{_COUNT}+(?:{_PARTS})?)*"
)
_ENGLISH_ADDRESS = re.compile(
    r"\b(?:(?:Flat|Apt|Apartment|Unit)\.?\s+\w{1,4},?\s+)?\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][A-Za-z'’.-]+\s+){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Close|Court|Way|Terrace|Crescent|Place)\b\.?"
    r"|\bP\.?O\.?\s?Box\s+\d+|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
)

_WHOLE = (
    _LINK,
    _EMAIL,
    _VEHICLE,
    _IDENTITY,
    _PLATES,
    _LATIN_PLATES,
    _CHINESE_ADDRESS,
    _ENGLISH_ADDRESS,
    _NUMBER,
    _SPOKEN,
)
_NAMES = (_CHINESE_TITLED, _THANKS_TITLED, _CHINESE_FAMILIAR, _CHINESE_SHORT, _CHINESE_SURNAME, _ENGLISH_PLACED)
_AFTER = (_ACCOUNT, _SAID, _CHINESE_SELF, _ENGLISH_TITLED, _ENGLISH_ROLE, _ENGLISH_SELF)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """Cover what can name a person: links, addresses, numbers of seven digits, plates, identity numbers, known names.

    Full-width letters and digits are read as plain ones. ``names`` are people known from the orders (customers,
    engineers, advisers). A name that stands in a comment without a title and is not known cannot be found by rules.
    """
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    plain = "".join(_plain_digit(mark) for mark in seen).translate(_FULL_WIDTH)
    for name in sorted({name.strip() for name in names}, key=lambda name: (-len(name), name)):
        plain = _cover_name(plain, name)
    for pattern in _WHOLE:
        plain = pattern.sub(COVER, plain)
    for pattern in _AFTER:
        plain = pattern.sub(lambda found: next((kept for kept in found.groups() if kept), "") + COVER, plain)
    for pattern in _NAMES:
        plain = pattern.sub(COVER, plain)
    return plain


def _plain_digit(mark: str) -> str:
    """Give a digit in a circle as a digit, every other mark as it is."""
    return str(unicodedata.digit(mark, mark)) if unicodedata.category(mark) == "No" else mark


def _cover_name(text: str, name: str) -> str:
    """Cover one known name; a Latin one only as whole words, and no single letter or character."""
    plain = name.translate(_FULL_WIDTH)
    # A plain search first: a network knows thousands of names, and a comment holds hardly one of them.
    if len(plain) < 2 or plain.casefold() not in text.casefold():
        return text
    bounded = rf"{_LEFT}{re.escape(plain)}{_RIGHT}" if plain.isascii() else re.escape(plain)
    return re.sub(bounded, COVER, text, flags=re.IGNORECASE)
