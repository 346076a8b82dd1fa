"""The words of the sample: made-up customers, assets, symptoms and comments, in the languages of the customers."""

SURNAMES: dict[str, tuple[str, ...]] = {
    "zh-Hans": ("样例甲", "样例乙", "样例丙", "样例丁", "样例戊", "样例己", "样例庚", "样例辛"),
    "zh-Hant": ("範例甲", "範例乙", "範例丙", "範例丁"),
    "en": ("Sample Adams", "Sample Baker", "Sample Clark", "Sample Davis"),
}
LANGUAGES: tuple[tuple[str, int], ...] = (("zh-Hans", 70), ("zh-Hant", 16), ("en", 14))

ASSETS: tuple[tuple[str, int], ...] = (
    ("示范轿车 S3 1.5T", 30),
    ("示范轿车 S5 2.0T", 20),
    ("示范越野 X5", 20),
    ("示范电动 E2", 18),
    ("示范商务 M7", 12),
)

ENGINEERS: tuple[str, ...] = ("林师傅", "周师傅", "高师傅", "何师傅", "罗师傅", "梁师傅", "宋师傅", "唐师傅")
ADVISERS: tuple[str, ...] = ("顾问小安", "顾问小宁", "顾问小平")

# For each kind of job its share and what the customer came with.
JOBS: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "service": (40, "保养", ("定期保养", "更换机油机滤", "一万公里保养", "更换空调滤芯")),
    "repair": (
        42,
        "维修",
        ("刹车有异响", "空调不制冷", "怠速抖动", "冷车难启动", "底盘异响", "充电故障灯亮", "电瓶亏电", "车窗升降失灵"),
    ),
    "bodywork": (12, "钣喷", ("左前翼子板剐蹭", "后保险杠修复", "车门喷漆")),
    "recall": (4, "召回", ("安全气囊召回", "软件升级召回")),
    "installation": (2, "加装", ("加装行车记录仪", "加装拖车钩")),
}
PAYERS: dict[str, tuple[int, str]] = {
    "customer": (67, "自费"),
    "warranty": (20, "质保"),
    "insurance": (9, "保险"),
    "internal": (4, "内部"),
}

# What people write, by what it is about. They write about what was worst, or what they liked.
COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh-Hans": {
        "speed": (
            "说好中午取车，等到下午四点多，中间也没人告诉我。",
            "配件没货，来回跑了两趟，希望预约时就能查清楚。",
            "保养排队太久，预约好像没起作用。",
            "等了三个小时，实际干活不到一小时。",
            "取车的时候又等结算，前后四十分钟。",
        ),
        "attitude": (
            "接待的时候一直在看手机，问一句答一句。",
            "前台有点冷淡，后来换了一位顾问就好多了。",
            "问了两遍才有人理，感觉不太受欢迎。",
        ),
        "quality": (
            "修完第二天异响又出现了，还得再来一次。",
            "同一个故障修了两次，第一次没有找到原因。",
            "空调是修好了，可是仪表板装回去有缝。",
            "刹车还是有点软，说是磨合，开了一周没有变化。",
            "交车时没有试车，上了高速才发现跑偏。",
            "洗车没洗干净，脚垫上还有油。",
            "换完电瓶，收音机和座椅记忆都没有恢复。",
            "补漆颜色在太阳底下看得出来。",
            "说修好了，故障灯第三天又亮了。",
            "原来的问题好了，右前门多了一个响声。",
        ),
        "price": (
            "工时费比上次贵了不少，单子上看不出贵在哪里。",
            "报价的时候没说要换这么多零件，结账才知道。",
            "价格能再透明一点就好了。",
            "同样的保养，去年便宜两百多。",
            "辅料费是什么，没有人解释。",
        ),
        "channel": (
            "小程序里改不了预约时间，只能打电话。",
            "电话打了三次才有人接。",
            "留言说会回电话，等了一天没有回。",
        ),
        "praise": (
            "师傅很耐心，把旧件拿给我看，讲得清楚。",
            "速度快，说到做到，下次还来。",
            "顾问提前打电话说明了费用，很放心。",
            "很满意，谢谢！",
            "等的时候有人过来讲进度，这点很好。",
            "多年的老毛病这次一次修好了。",
        ),
    },
    "zh-Hant": {
        "speed": ("說好中午交車，結果等到傍晚，過程中沒有人通知。", "零件要等一星期，希望預約時就能確認。"),
        "attitude": ("櫃檯有點冷淡，問了兩次才有人理我。",),
        "quality": (
            "修好隔天異音又出現，得再跑一趟。",
            "同樣的毛病進廠兩次才找到原因。",
            "煞車還是偏軟，開了一星期沒有改善。",
            "烤漆顏色在陽光下看得出來。",
        ),
        "price": ("工資比上次貴很多，明細看不出差在哪裡。", "報價時沒說要換這麼多零件。"),
        "channel": ("網站上改不了預約時間，只好打電話。",),
        "praise": ("師傅很細心，把換下來的零件拿給我看。", "準時交車，說明清楚，很放心。", "服務很好，謝謝。"),
    },
    "en": {
        "speed": (
            "I was told noon and got the car at half past four; nobody rang.",
            "The part was not in stock, so I came twice.",
        ),
        "attitude": ("The front desk hardly looked up. The second adviser was much kinder.",),
        "quality": (
            "The noise was back the next morning.",
            "It took two visits to find the cause of the same fault.",
            "The warning light came on again after three days.",
            "Nobody drove the car before handing it back; it pulls to the left.",
        ),
        "price": (
            "The labour is dearer than last time and the bill does not say why.",
            "I only heard about the extra parts when I paid.",
        ),
        "channel": ("The booking page would not let me change the time; I had to phone.",),
        "praise": (
            "The technician showed me the worn part and explained it well.",
            "Quick and exactly as promised.",
            "Very happy, thank you.",
        ),
    },
}
