"""The fields of a repair order, the headers they go by in exports, and the words for its facts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as kept

from revisit.records.languages import is_language
from revisit.records.problems import CallError
from revisit.visits.cells import printable


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split(","))


# For each field the headers that dealers' systems give it; of two that a file has, the earlier one is taken.
# Nothing but these fields is ever kept from a file.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": _words(
        "工单号, 工单编号, 维修工单号, 委托书号, 维修单号, 结算单号, 订单号, 單號, 工單號, 工單編號, "
        "維修單號, 服務單號, 服务单号, order number, order no, order, repair order, ro number, ro no, "
        "job number, job no, work order, number"
    ),
    "closed_on": _words(
        "结算日期, 完工日期, 结算时间, 完工时间, 交车日期, 出厂日期, 结算日, 完工日, 关单日期, 結算日期, "
        "結帳日期, 完工時間, 交車日期, 結案日期, closed on, closed, closing date, date closed, completed on, "
        "completion date, completed, invoice date"
    ),
    "unit": _words(
        "服务站, 门店, 网点, 维修站, 经销商, 店名, 站点, 服務站, 服務廠, 門市, 據點, 維修站, 經銷商, unit, "
        "station, branch, outlet, workshop, dealer, location"
    ),
    "name": _words(
        "客户姓名, 车主姓名, 客户名称, 送修人, 联系人, 客户, 车主, 客戶姓名, 車主姓名, 客戶名稱, 聯絡人, "
        "客戶, 車主, customer name, customer, contact name, contact, owner"
    ),
    "phone": _words(
        "手机, 手机号, 手机号码, 联系电话, 客户电话, 电话, 电话号码, 送修人手机, 手機, 手機號碼, 行動電話, "
        "聯絡電話, 客戶電話, 電話, 電話號碼, mobile, mobile phone, phone, phone number, telephone, cell"
    ),
    "email": _words("邮箱, 电子邮箱, 电子邮件, 電子郵件, 電郵, 信箱, email, email address, e-mail, mail"),
    "language": _words("语言, 首选语言, 語言, 偏好語言, language, preferred language, lang"),
    "asset": _words(
        "车型, 车型名称, 设备, 设备型号, 机型, 产品型号, 车系, 車型, 設備, 設備型號, 機型, 產品型號, asset, "
        "model, vehicle, machine, equipment, product"
    ),
    "plate": _words(
        "车牌, 车牌号, 车牌号码, 牌照号, 車牌, 車牌號碼, 車號, plate, licence plate, license plate, "
        "registration, serial number, serial no"
    ),
    "engineer": _words(
        "维修技师, 技师, 主修人, 维修工程师, 工程师, 维修工, 維修技師, 技師, 工程師, engineer, technician, mechanic"
    ),
    "adviser": _words("服务顾问, 接待员, 顾问, 服務顧問, 服務專員, adviser, service adviser, advisor, service advisor"),
    "symptom": _words(
        "故障描述, 故障现象, 客户描述, 报修内容, 维修项目, 故障現象, 報修內容, 維修項目, symptom, complaint, "
        "fault, description, work done"
    ),
    "payer": _words(
        "付款方式, 结算方式, 付费类型, 费用类型, 付费方, 付款方, 費用類型, 付費類型, 付費方, payer, paid by, "
        "payment type, pay type, charge type"
    ),
    "kind": _words(
        "维修类型, 业务类型, 工单类型, 服务类型, 維修類型, 業務類型, 工單類型, 服務類型, kind, job type, "
        "order type, service type"
    ),
}
REQUIRED: tuple[str, ...] = ("number", "closed_on")

# For each order fact the words that exports use for its values.
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "payer": {
        "customer": _words(
            "自费, 客户付费, 客户自费, 客付, 个人付费, 现金, 現金, 自費, 客戶付費, 自付, customer, "
            "customer pay, retail, cash, owner"
        ),
        "warranty": _words(
            "保修, 质保, 三包, 索赔, 厂家付费, 保内, 保固, 原廠保固, 保固內, warranty, manufacturer, "
            "goodwill, under warranty"
        ),
        "insurance": _words("保险, 保险理赔, 理赔, 保险公司, 保險, 保險理賠, 出險, insurance, insurer"),
        "internal": _words("内部, 内部结算, 内部用车, 店内, 內部, 內部結算, 內部用車, internal, in-house"),
    },
    "kind": {
        "repair": _words("维修, 一般维修, 机电维修, 故障维修, 修理, 維修, 一般維修, 機電維修, repair, mechanical"),
        "service": _words("保养, 定期保养, 首保, 常规保养, 保養, 定期保養, 首次保養, service, maintenance"),
        "bodywork": _words("钣喷, 钣金, 喷漆, 事故维修, 钣金喷漆, 鈑噴, 鈑金, 烤漆, 事故維修, bodywork, body"),
        "recall": _words("召回, 服务活动, 召回活动, 服務活動, recall, campaign"),
        "installation": _words("安装, 安装调试, 调试, 加装, 安裝, 安裝調試, 加裝, installation, commissioning"),
    },
}

LANGUAGE_WORDS: dict[str, tuple[str, ...]] = {
    "en": _words("en, english, 英文, 英语, 英語"),
    "zh-Hans": _words("zh-hans, zh, zh-cn, zh_cn, chs, 简体, 简体中文, 中文, 汉语, 簡體中文, simplified chinese"),
    "zh-Hant": _words("zh-hant, zh-tw, zh-hk, zh_tw, cht, 繁体, 繁體, 繁體中文, 繁体中文, traditional chinese"),
}


_REMARK = re.compile(r"[(\[【].*?[)\]】]")


def folded(text: str) -> str:
    """Give a header or word as it is compared: one width, one case, no spaces or marks, no remark in brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in _REMARK.sub("", plain) if letter.isalnum())


_WHOLE = re.compile(r"([+-]?)(\d+)(?:\.0+|,0)?")


def said(text: str) -> str:
    """Give a cell as words and codes are compared: as ``folded``, but a number keeps its sign and its fraction.

    So -1, which stands for a missing answer in many files, is no 1; tables like to write the whole number 4 as 4.0.
    Words that are signs alone, such as stars, stay signs.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if plain[:1] in "+-.0123456789" and not any(map(str.isalpha, plain)) and any(map(str.isdigit, plain)):
        whole = _WHOLE.fullmatch(plain)
        return plain if whole is None else whole[1].removeprefix("+") + whole[2]
    return folded(plain) or "".join(sign for sign in plain if unicodedata.category(sign) == "So")


@dataclass(frozen=True)
class Columns:
    """Which columns a file may have: for each its headers in the form of ``folded``, and those it cannot do without.

    ``meanings`` says what some of them hold.
    """

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    named_under: str
    meanings: Mapping[str, str] = kept(default_factory=dict, kw_only=True)

    def advise(self, missing: list[str]) -> str:
        """Say what a column that was not found holds, and how to name it."""
        lines = ", ".join(f'{name} = ["your header"]' for name in missing)
        told = "".join(f'"{name}" is {self.meanings[name]}. ' for name in missing if name in self.meanings)
        return f"{told}If it is there under another name, write that under {self.named_under}: {lines}."

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """Give the place of each column that a header row has. Raises CallError when two share a name."""
        cells = [folded(cell) for cell in header]
        found: dict[str, int] = {}
        for field, names in self.columns.items():
            for name in names:
                places = [place for place, cell in enumerate(cells) if cell == name]
                if len(places) > 1:
                    first, second = places[:2]
                    raise CallError(
                        f'Two columns are called "{printable(header[first])}" (columns {first + 1} and {second + 1}). '
                        "Rename one of them in the file, then import it again."
                    )
                if places and places[0] not in found.values():
                    found[field] = places[0]
                    break
        return found


@dataclass(frozen=True)
class Wording(Columns):
    """The columns of an orders file, and for each fact the words that stand for its values."""

    values: Mapping[str, Mapping[str, str]]

    def value(self, fact: str, word: str) -> str | None:
        """Give the value of a fact that a word stands for; None for an unknown word."""
        return self.values[fact].get(folded(word))


def headers(*names: str) -> tuple[str, ...]:
    """Give headers in the form in which they are compared, each once; what folds to nothing is left out."""
    return tuple(dict.fromkeys(name for name in map(folded, names) if name))


def wording(
    own_columns: Mapping[str, tuple[str, ...]], own_values: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Wording:
    """Join a workspace's own headers and words with the built-in ones; its own are taken first.

    Raises CallError for a field or value that does not exist.
    """
    for field in own_columns:
        _check_known(f"orders.columns.{field}", field, tuple(COLUMNS))
    for fact, table in own_values.items():
        _check_known(f"orders.values.{fact}", fact, tuple(VALUES))
        for value in table:
            _check_known(f"orders.values.{fact}.{value}", value, tuple(VALUES[fact]))
    columns = {field: headers(*own_columns.get(field, ()), *names, field) for field, names in COLUMNS.items()}
    values: dict[str, dict[str, str]] = {}
    for fact, table in VALUES.items():
        built_in = {folded(word): value for value, words in table.items() for word in (value, *words)}
        own = {folded(word): value for value, words in own_values.get(fact, {}).items() for word in words}
        values[fact] = built_in | own
    return Wording(columns, REQUIRED, "[orders.columns] in revisit.toml", values)


def _check_known(place: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise CallError(f'revisit.toml: "{place}" is not a setting. Known here are: {", ".join(known)}.')


def language_of(word: str) -> str | None:
    """Give the language that a word or tag stands for; None for an unknown one."""
    wanted = word.strip().casefold()
    known = next((language for language, words in LANGUAGE_WORDS.items() if wanted in words), None)
    return known or (word.strip() if is_language(word.strip()) else None)
